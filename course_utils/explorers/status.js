// Words; where answers stand above them, their letters and their buttons choose one.
function render({ model, el }) {
  const silence = saying(model, el, "text");
  const numberOf = (letter = "?") => model.get("letters").indexOf(letter);
  const choose = (event) => {
    const root = el.closest(".course-ask");
    if (!root?.contains(event.target)) return;
    event.target.dataset.lmSuppressShortcuts = "true"; // else JupyterLab takes the arrow keys, and the focus
    const answer = event.type === "click" ? buttonOf(root, event) : numberOf(letterOf(event));
    if (answer < 0) return;
    event.stopPropagation(); // the button's own message would wait while a cell runs, and fail after a restart
    tell(model, el, { choose: answer });
  };
  const inPage = new ResizeObserver(() => {
    const group = el.closest(".course-ask");
    group?.setAttribute("role", "group");
    group?.setAttribute("aria-label", model.get("asked"));
    if (group) inPage.disconnect();
  });
  inPage.observe(el);
  const kinds = ["keydown", "click"];
  for (const kind of kinds) window.addEventListener(kind, choose, true);
  return () => {
    silence();
    inPage.disconnect();
    for (const kind of kinds) window.removeEventListener(kind, choose, true);
  };
}
const buttonOf = (root, { target }) => [...root.querySelectorAll("button")].indexOf(target.closest("button"));
export default { render };
