"""Figures along a number, such as NAME.depth32, as curves; and their drawings.

A drawing is an SVG file that is readable on light and on dark pages.  Its
points carry the values, so that it can be compared with later figures.
"""
import collections
import math
import os
import re
import xml.etree.ElementTree as ET

NUMBERED = re.compile(
    r"^(.+)\.(depth|below|processes|buffers|siblings|kib)(\d+)$")
NAMESPACE = "http://www.w3.org/2000/svg"

Chart = collections.namedtuple(
    "Chart", "file title along logarithmic stems unit",
    defaults=("instructions",))

CONSTANT = ("call.null", "conversation.converse_serve",
            "conversation.converse_serve_fp", "conversation.queued",
            "break.foreign_call", "break.page_fault", "copy.4096",
            "storage.map", "storage.unmap")
THROUGH_THE_TREE = ("conversation.four_calls", "interrupt.answer", "time.slice",
                    "process.create_start_remove")
SAME = (*CONSTANT, *THROUGH_THE_TREE, "conversation.leaf_to_root",
        "storage.first_touch")
CHARTS = (
    Chart("cost_depth", "Conversations and breaks at each depth", "depth",
          False, (*CONSTANT, "conversation.leaf_to_root",
                  "conversation.root_to_leaf")),
    Chart("cost_depth_own", "What a process does by itself at each depth",
          "depth", False, ("storage.walk", "computation")),
    Chart("cost_depth_tree", "What goes through the tree, at each depth",
          "depth", False, THROUGH_THE_TREE),
    Chart("cost_depth_grows", "What grows with depth", "depth", False,
          ("storage.first_touch", "name.look_up")),
    Chart("cost_level", "A level made, and a line said, at each depth", "depth",
          False, ("nesting.level_instructions", "nesting.passed_line",
                  "nesting.relayed_line_per_level")),
    Chart("cost_level_memory", "What a system of a tower of 32 takes", "depth",
          False, ("nesting.level_memory", "nesting.lent_memory"), "bytes"),
    Chart("cost_unmap", "A page taken away from a process", "below", True,
          ("storage.unmap.touched_by_one.depth1",
           "storage.unmap.touched_by_one.depth32",
           "storage.unmap.touched_by_all.depth1",
           "storage.unmap.touched_by_all.depth32")),
    Chart("cost_processes", "With processes in use", "processes", True, SAME),
    Chart("cost_buffers", "With buffers in use", "buffers", True, SAME),
    Chart("cost_storage", "With storage that the process has touched", "kib",
          True, tuple(stem for stem in SAME
                      if stem != "process.create_start_remove")),
    Chart("cost_remove_each", "A tree removed: for each of its processes",
          "processes", False, ("process.remove_each",)),
    Chart("cost_remove", "A process removed, with the storage it has touched",
          "kib", True, ("process.remove",)),
    Chart("cost_siblings", "With siblings", "siblings", False,
          ("name.look_up_unknown", "process.create_start_remove")),
)
AXES = {
    "depth": "depth: levels below the root",
    "below": "descendants below it",
    "processes": "processes in use",
    "buffers": "buffers in use",
    "siblings": "siblings",
    "kib": "storage that the process has touched",
}

WIDTH, HEIGHT = 830, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 450, 50, 350 # of the plot
GAP = 15                                    # between the lines of the key
COLOURS = ("#4c8dd6", "#e08214", "#3aa06a", "#c65b9c", "#9a7fd1", "#b09020",
           "#d0605e", "#2fa3a3", "#8c8c8c", "#a6723c", "#5fb8e8", "#7a9a2e",
           "#e07a9a", "#5566cc", "#b0a070")
STYLE = """
text { font: 12px sans-serif; fill: #333 }
.title { font-size: 15px }
.axis { stroke: #333; fill: none }
.grid { stroke: #8884; fill: none }
@media (prefers-color-scheme: dark) {
  text { fill: #ddd }
  .axis { stroke: #ddd }
}
"""


TOLERANCES = {"time.slice": 0.05, "disk.in_run": 0.4, "disk.": 0.2,
              "store.small.": 0.1, "store.": 0.05}


def tolerance(name):
    """By how much a figure may be off without being another.

    At the end of a slice more than one branch of a tower may be out of credit,
    and how many are is not the same each time.  How many requests a disk has
    done when it interrupts is the host's doing: the best of three boots are
    off by 12 % where each request waits for its own, by 4 % for one with
    one request under way, and by 2 % through the store; without a copy there
    is little else.
    """
    for beginning, off in TOLERANCES.items():
        if name.startswith(beginning):
            return off
    return 0.02


def shown(along, number):
    """The number as it is written below a drawing."""
    if along != "kib":
        return f"{number:,}"
    names = ("KiB", "MiB", "GiB")
    power = min(2, (number.bit_length() - 1) // 10)
    return f"{number >> 10 * power} {names[power]}"


def group(figures):
    """(stem, along) -> {number: value}, of a list as in bench.json."""
    curves = {}
    for figure in figures:
        found = NUMBERED.match(figure["name"])
        if found:
            stem, along, number = found.groups()
            curves.setdefault((stem, along), {})[int(number)] = figure["value"]
    return curves


def of_chart(chart, figures):
    """stem -> {number: value}; without those that were not measured."""
    curves = group(figures)
    return {stem: curves[stem, chart.along] for stem in chart.stems
            if (stem, chart.along) in curves}


class Scale:
    """Where a value stands: from 0 on, or logarithmic."""

    def __init__(self, values, logarithmic):
        self.logarithmic = logarithmic
        most = max(values)
        if logarithmic:
            self.low = math.floor(math.log10(min(values)))
            self.high = math.ceil(math.log10(most))
            self.ticks = [10 ** k for k in range(self.low, self.high + 1)]
        else:
            step = 10 ** math.floor(math.log10(most))
            step = step / 5 if most / step < 2 else \
                step / 2 if most / step < 5 else step
            self.low, self.high = 0, math.ceil(most / step) * step
            self.ticks = [round(k * step)
                          for k in range(round(self.high / step) + 1)]

    def __call__(self, value):
        at = math.log10(value) if self.logarithmic else value
        return BOTTOM - (BOTTOM - TOP) * (at - self.low) / (
            self.high - self.low)


def element(parent, tag, text=None, **attributes):
    made = ET.SubElement(parent, tag, {
        name.rstrip("_").replace("_", "-"):
            f"{value:.1f}" if isinstance(value, float) else str(value)
        for name, value in attributes.items()})
    made.text = text
    return made


def draw_axes(svg, chart, places, scale):
    for tick in scale.ticks:
        element(svg, "path", class_="grid",
                d=f"M{LEFT} {scale(tick):.1f}H{RIGHT}")
        element(svg, "text", f"{tick:,}", x=LEFT - 8, y=scale(tick) + 4,
                text_anchor="end")
    for number, x in places.items():
        element(svg, "text", shown(chart.along, number), x=x, y=BOTTOM + 18,
                text_anchor="middle")
    element(svg, "path", class_="axis", d=f"M{LEFT} {TOP}V{BOTTOM}H{RIGHT}")
    element(svg, "text", AXES[chart.along], x=(LEFT + RIGHT) / 2,
            y=BOTTOM + 40, text_anchor="middle")
    element(svg, "text", chart.unit + (
        " (logarithmic)" if chart.logarithmic else ""), x=LEFT - 50, y=TOP - 12)


def draw_curve(svg, chart, stem, points, colour, places, scale):
    curve = element(svg, "g", id=stem, fill=colour, stroke=colour)
    path = "L".join(f"{places[number]:.1f} {scale(value):.1f}"
                    for number, value in points.items())
    element(curve, "path", d="M" + path, fill="none", stroke_width=2)
    for number, value in points.items():
        point = element(curve, "circle", cx=places[number], cy=scale(value),
                        r=3, data_number=number, data_value=value)
        element(point, "title",
                f"{stem}, {chart.along} {shown(chart.along, number)}: "
                f"{value:,} {chart.unit}")


def draw_key(svg, curves, colours, scale):
    """A line for each curve, beside its end, and clear of the others."""
    ends = sorted((scale(list(points.values())[-1]), stem)
                  for stem, points in curves.items())
    free = TOP
    places = []
    for y, stem in ends:
        free = max(y, free) + GAP
        places.append([free - GAP, stem])
    for above, place in enumerate(reversed(places)):
        place[0] = min(place[0], BOTTOM - above * GAP)
    for y, stem in places:
        element(svg, "circle", cx=RIGHT + 14, cy=y, r=4, fill=colours[stem])
        first, *_, last = curves[stem].values()
        element(svg, "text", f"{stem} " + (
            f"{last:,}" if first == last else f"{first:,} to {last:,}"),
            x=RIGHT + 22, y=y + 4)


def draw(chart, curves):
    """The drawing, as text."""
    svg = ET.Element("svg", xmlns=NAMESPACE, viewBox=f"0 0 {WIDTH} {HEIGHT}",
                     width=str(WIDTH), height=str(HEIGHT), role="img")
    element(svg, "title", chart.title)
    element(svg, "style", STYLE)
    element(svg, "text", chart.title, class_="title", x=LEFT - 50, y=18)
    numbers = sorted({number for points in curves.values()
                      for number in points})
    places = {number: LEFT + 20 + (RIGHT - LEFT - 40) * k
              / max(1, len(numbers) - 1) for k, number in enumerate(numbers)}
    scale = Scale([value for points in curves.values()
                   for value in points.values()], chart.logarithmic)
    draw_axes(svg, chart, places, scale)
    colours = dict(zip(curves, COLOURS))
    for stem, points in curves.items():
        draw_curve(svg, chart, stem, points, colours[stem], places, scale)
    draw_key(svg, curves, colours, scale)
    ET.indent(svg, " ")
    return ET.tostring(svg, encoding="unicode") + "\n"


def draw_all(figures, folder, charts=CHARTS):
    """Writes each chart of which anything was measured."""
    os.makedirs(folder, exist_ok=True)
    for chart in charts:
        curves = of_chart(chart, figures)
        if curves:
            with open(os.path.join(folder, chart.file + ".svg"), "w",
                      encoding="utf-8") as file:
                file.write(draw(chart, curves))


def read(path):
    """The values in a drawing: stem -> {number: value}."""
    def name(tag):
        return f"{{{NAMESPACE}}}{tag}"
    return {curve.get("id"): {int(point.get("data-number")):
                              float(point.get("data-value"))
                              for point in curve.iter(name("circle"))}
            for curve in ET.parse(path).getroot().iter(name("g"))}
