"""Help topics of the dialogs, and of the form for the user's own exercise, by the names of their files."""

from bptui.help.topics import Topic

DIALOG_TOPICS: dict[str, tuple[Topic, ...]] = {
    "exercise": (
        Topic(
            "my own exercise",
            (
                "Say how many inputs, neurons and outputs there are, and fill in the cells. Each cell has the name "
                "that its number has everywhere else; a weight also shows the two nodes it connects. {exercise-next} "
                "and the arrows go from field to field, {exercise-train} trains the exercise under its own title.",
                "You can paste what a program or a book prints. A list fills the cells from the cursor on, a matrix "
                "the cells that it fits, and arrays with names, W1 = [[..]] b1 = [..], go where their names say. The "
                "line below says what was filled. {exercise-random} and {exercise-zeros} fill in random or zero "
                "weights; {exercise-undo} undoes the last change.",
            ),
            "A matrix may have a row per source or per neuron. For a square one, the numbering says which; other "
            "matrices pasted with it, or a name that ends in weight (torch's), take precedence.",
        ),
    ),
    "settings": (
        Topic(
            "settings",
            (
                "Everything the training is made of: the data, the network's shape, its activations and start, the "
                "loss, the learning rate. tab and enter go to the next field; below, you see what it means. {filter} "
                "keeps the settings that contain your words.",
                "{apply} starts a new run from round 1. The old run stays, so that you can compare the two. Only the "
                "run that the program opened with is dropped if you did nothing with it; {undo} brings it back.",
            ),
            "Change one thing at a time, and compare.",
        ),
        Topic(
            "gradient rule",
            (
                "How NumPy does the backward pass. The chain rule is right; the other rules are known mistakes, kept "
                "so that you can see what they do. Four of them are in the printed values of bundled lessons: updated "
                "weights; raw error, no weights; first derivative for all; as published.",
            ),
            "Where a wrong rule clearly changes a gradient, the check disagrees; the loss may fall all the same.",
            said="rule",
        ),
    ),
    "lessons": (
        Topic(
            "lessons",
            (
                "Each lesson is a network with its data, a start, and often a note on what to look for. The indented "
                "lines below it are its variants. The number after a name counts its printed values.",
                "Above them are your own: the lessons in files in this folder, and those you opened recently. A file "
                "that cannot be read is listed with what is wrong in it. {filter} keeps the lessons whose name, title "
                "or note contains your words; j and k move like the arrows.",
            ),
            "{open-lesson} opens one; the runs you have stay.",
        ),
    ),
    "report": (
        Topic(
            "report",
            (
                "Writes a folder to hand in. Its page has the problem, the results, what the runs show, a conclusion, "
                "and the derivation of round 1, for the run shown and for every other problem among the runs. With it "
                "come plots of the losses, all numbers of some rounds, and each run as a Jupyter notebook. "
                "{report-toggle} ticks the runs to include.",
                "A PDF is made if LaTeX, Chromium or Chrome is on this computer; otherwise print report.html from a "
                "browser. A long run takes a while to analyse: {report-leave} skips the runs not analysed yet; "
                "pressed again, it cancels.",
            ),
            "An existing report is replaced only after a second {go}.",
        ),
    ),
    "rename": (
        Topic(
            "names of runs",
            (
                "A run is named after its lesson or variant, and what differs from it: two-by-two, relu hidden. A name "
                "of your own replaces that on every screen, in the saved session and in the report.",
            ),
            "Compare has a key that removes a run; {undo} brings it back.",
        ),
    ),
    "session_file": (
        Topic(
            "files",
            (
                "A session is all the runs you have made, and where you are. A saved session opens at the same place "
                "on any machine. A lesson of your own is opened with the same key.",
                "A lesson's file has the problem shown, with its title, its printed values and its note, as text that "
                "you can read and edit. It is listed among the lessons.",
            ),
            "Where something would be lost, it asks for a second {go}.",
        ),
    ),
    "copy": (
        Topic(
            "copy",
            (
                "Copies a panel, or the visible screen, as plain text to the clipboard of your terminal, even from a "
                "remote machine. Some terminals allow that only if their settings say so.",
            ),
            "A panel is copied whole, with the lines that do not fit on the screen.",
        ),
    ),
    "unsaved": (
        Topic(
            "not saved",
            (
                "The program ended before this session was saved: it crashed, or its terminal was closed. This is what "
                "it had autosaved. Nothing is deleted before you say so, not even a file that cannot be read.",
            ),
            "If in doubt, leave it for later: it will be offered again.",
        ),
    ),
    "go_to": (
        Topic(
            "go to",
            (
                "Go to any round from 1 to 10,000,000, also far beyond the lesson's last one. The rounds in between "
                "are calculated and kept, so going back is quick.",
            ),
            "Large numbers may have commas: 10,000.",
        ),
    ),
}
