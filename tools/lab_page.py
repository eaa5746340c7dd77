"""The runs of a lab that was graded, for the page: beside its own files are
what each was given, lab-NUMBER.json, and what was booted, with the lines of the
programs that were added.  The machine is exact, so the page makes the same
run."""
import json
import os
import shutil

import cross
import page


def link(point, runs):
    """Behind the page's address: the point's moment of its run, or the end."""
    at = runs[point["run"]]["end"] if point["at"] is None else point["at"]
    return f"#lab={point['run']}&at={at}"


def add(build, folder, lab):
    """The runs of a grading.Lab, to the folder of the page."""
    import grading # pylint: disable=import-outside-toplevel
    runs = lab.runs
    images = list(dict.fromkeys(run["image"] for run in runs))
    for number, path in enumerate(images):
        shutil.copy(path, os.path.join(folder, f"lab-{number}.tar"))
        page.write_lines(os.path.join(folder, f"lab-{number}.lines.json"),
                         lab.symbols_of(path), lab.files)
    for name in {run["nucleus"] for run in runs} - set(os.listdir(folder)):
        page.run([cross.STRIP, "-o", os.path.join(folder, name),
                  os.path.join(build, "arch", "riscv", name)],
                 "the nucleus for the page", folder)
        shutil.copy(os.path.join(build, "view", f"{name}.layout"), folder)
    for number, run in enumerate(runs):
        image = f"lab-{images.index(run['image'])}"
        given = {"machine": {
            "image": f"{image}.tar", "nucleus": run["nucleus"],
            "argument": run["arguments"]},
            "lines": f"{image}.lines.json",
            "log": [{"at": at, "text": text}
                    for at, text in grading.typed(run["lines"])]}
        with open(os.path.join(folder, f"lab-{number}.json"), "w",
                  encoding="utf-8") as file:
            json.dump(given, file)
