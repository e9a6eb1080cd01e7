"""Help topics of the dialogs, and of the form for an own exercise, by the names of their files."""

from bptui.help.topics import Topic

DIALOG_TOPICS: dict[str, tuple[Topic, ...]] = {
    "exercise": (
        Topic(
            "my own exercise",
            (
                "Say how many inputs, neurons and outputs there are, and fill in the cells: each has the name that "
                "the number has everywhere else, and a weight the two nodes it connects. {exercise-next} and the "
                "arrows go from field to field, {exercise-train} trains the exercise under its own title.",
                "A list or a matrix that is pasted into a cell fills the cells from there on, as a program or a book "
                "prints it, also with names: W1 = [[..]] b1 = [..]. What was filled is said below. {exercise-random} "
                "and {exercise-zeros} make a start for you; {exercise-undo} takes back the last change.",
            ),
            "A matrix with a row per neuron fits as well as one with a row per source; of a square one the "
            "numbering says which it is.",
        ),
    ),
    "settings": (
        Topic(
            "settings",
            (
                "Everything the training is made of: the data, the network's shape, its activations and start, the "
                "loss, the learning rate. tab and enter go to the next field, and what it means stands below; {filter} "
                "leaves the settings that have some words. {apply} starts a new run from round 1; the run there is "
                "stays, and can be compared with it. Only what the program opened on is left behind if you did "
                "nothing with it; {undo} brings it back.",
            ),
            "Change one thing at a time, and compare.",
        ),
        Topic(
            "gradient rule",
            (
                "How the backward pass is done. The chain rule is the right one; the others are known mistakes, kept "
                "so that you can see what they do. Bundled lessons show four of them in print: updated weights; raw "
                "error, no weights; first derivative for all; as published.",
            ),
            "Where a wrong rule clearly changes a gradient, the check disagrees; the loss may fall all the same.",
            said="rule",
        ),
    ),
    "lessons": (
        Topic(
            "lessons",
            (
                "Each lesson is a network with its data, a start, and often a note on what there is to see; those set "
                "in below it are its variants. Behind a name stands how many printed values it has.",
                "Above them stand your own: the lessons in files of this folder, and those opened lately. A file that "
                "cannot be read is listed with what is wrong in it. {filter} leaves the lessons whose name, title or "
                "note has the words you type; j and k move as the arrows do.",
            ),
            "{open-lesson} opens one; the runs you have stay.",
        ),
    ),
    "report": (
        Topic(
            "report",
            (
                "Writes a folder to hand in: a page with the problem, the results, what the runs show, a conclusion, "
                "and round 1 worked out, of the run that is shown and of each other problem among the runs; pictures "
                "of the curves, every number of some rounds, and each run as a Jupyter notebook. {report-toggle} ticks "
                "the runs that go in.",
                "A PDF is made if LaTeX, Chromium or Chrome is on this computer; else print report.html from a "
                "browser. A long run takes a while to analyse: {report-leave} skips the runs not analysed yet, and "
                "pressed again cancels.",
            ),
            "A report that is there already is replaced only after a second {go}.",
        ),
    ),
    "rename": (
        Topic(
            "names of runs",
            (
                "A run is called after its lesson or variant, with what differs from it: two-by-two, relu hidden. A "
                "name of your own stands in its place on every screen, in the saved session and in the report.",
            ),
            "Compare has a key that removes a run; {undo} brings it back.",
        ),
    ),
    "session_file": (
        Topic(
            "files",
            (
                "A session is all runs you have made and where you are. Saved in a file, it opens again on any "
                "machine at the same place; a lesson of your own opens the same way.",
                "A lesson's file has the problem that is shown, with its title, its printed values and its note, a "
                "line or two each, to be read and edited by hand. It is listed among the lessons.",
            ),
            "What would cost something asks for a second {go}.",
        ),
    ),
    "copy": (
        Topic(
            "copy",
            (
                "Any panel, or all that is shown, as plain text: it goes to the clipboard of your terminal, also from "
                "a machine far away. Some terminals want that to be allowed in their settings.",
            ),
            "A panel is copied whole, with the lines that do not fit on the screen.",
        ),
    ),
    "unsaved": (
        Topic(
            "not saved",
            (
                "The program ended before this session was saved, by a crash or with its terminal, and this is what "
                "was kept of it. Nothing is thrown away before you say so.",
            ),
            "Leave it for later if in doubt: it will be offered again.",
        ),
    ),
    "go_to": (
        Topic(
            "go to",
            (
                "Any round from 1 to 10,000,000, also far beyond the lesson's last one. What lies between is "
                "calculated, and kept, so that going back is quick.",
            ),
            "Large numbers may have commas: 10,000.",
        ),
    ),
}
