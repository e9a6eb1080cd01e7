// The program is behind the address that the page came from. Letters are as large as asked for, or as leaves room for
// 80 columns and 24 rows; 8 pixels at the least.
document.addEventListener("DOMContentLoaded", () => {
  const data = document.getElementById("terminal").dataset;
  data.sessionWebsocketUrl = `${location.origin.replace("http", "ws")}/ws`;
  const fits = (size) => innerWidth / Math.ceil(0.61 * size) >= 81 && innerHeight / Math.ceil(1.33 * size) >= 24;
  while (data.fontSize > 8 && !fits(data.fontSize)) data.fontSize -= 1;
});
// Keys go to the program without a click on the page first, also after somebody came back from another window.
const focus = () => document.querySelector(".xterm-helper-textarea")?.focus();
for (const event of ["load", "focus", "click"]) window.addEventListener(event, () => setTimeout(focus));
