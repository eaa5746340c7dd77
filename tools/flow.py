"""What the console's driver says to whoever types for it, in its output.

No program can say any of it: its control characters are shown as escapes.

    XON        the driver can take more; if it can anyhow: it is new
    HERE       a new driver, whatever was said before it
    XOFF       take no more from the keyboard, until XON
    GO_ON      the attention line is closed, and nothing has changed
    DROP       it is closed, and lines go elsewhere: what was typed before it,
               and has waited since, is to be dropped
"""
XON, GO_ON, XOFF, DROP = b"\x11", b"\x12", b"\x13", b"\x14"
HERE = XON + XON
SIGNS = XON + GO_ON + XOFF + DROP


def divide(data):
    """The text in it, and the signs, in their order."""
    return data.translate(None, SIGNS), \
        [bytes([byte]) for byte in data if byte in SIGNS]
