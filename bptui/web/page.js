// Keys go to the program without a click on the page first, also after somebody came back from another window.
const focus = () => document.querySelector(".xterm-helper-textarea")?.focus();
for (const event of ["load", "focus", "click"]) window.addEventListener(event, () => setTimeout(focus));
