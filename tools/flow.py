"""What the console's driver says to whoever types for it, in its output.

No program can say any of it: its control characters are shown as escapes.

    XON        the driver can take more; if it can anyhow: it is new
    HERE       a new driver, whatever was said before it
    XOFF       take no more from the keyboard, until XON
    GO_ON      the attention line is closed, and nothing has changed
    DROP       it is closed, and lines go elsewhere: what was typed before it,
               and has waited since, is to be dropped

To who obeys, and has said so, also:

    RAW        keys are a program's from now on, and so is what is written:
               a byte of it that would be one of these signs comes as CODE and
               a letter, whose control character it is
    NOT_RAW    keys are the console's again

And in the other direction CODE and a letter are a key that would mean something
else to the driver, and CODE s ROWS ; COLUMNS CODE is the terminal's size.
"""
XON, GO_ON, XOFF, DROP = b"\x11", b"\x12", b"\x13", b"\x14"
RAW, CODE, NOT_RAW = b"\x15", b"\x16", b"\x17"
HERE = XON + XON
SIGNS = XON + GO_ON + XOFF + DROP
OF_RAW = RAW + NOT_RAW
TAKE_BACK = b"\x03" # control C
LEAD_BACK = b"\x1d" # control ]
KEYS = TAKE_BACK + XON + DROP + CODE # those that come behind CODE


def divide(data, signs=SIGNS):
    """The text in it, and the signs, in their order."""
    return data.translate(None, signs), \
        [bytes([byte]) for byte in data if byte in signs]


def coded(data):
    """Keys of a program, so that none of them is a sign."""
    return b"".join(CODE + bytes([byte | 0x40]) if byte in KEYS else
                    bytes([byte]) for byte in data)


def length(keys):
    """How many keys these are, coded or not."""
    return len(keys) - keys.count(CODE)


class Decoder:
    """Takes the text of a program; a byte behind CODE may come later."""

    def __init__(self):
        self.is_begun = False

    def decode(self, text):
        text = CODE * self.is_begun + text
        self.is_begun = False
        first, *rest = text.split(CODE)
        for number, part in enumerate(rest):
            if part:
                first += bytes([part[0] & 0x1f]) + part[1:]
            elif number + 1 == len(rest):
                self.is_begun = True
        return first
