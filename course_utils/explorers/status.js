// Words; where answers stand above them, their letters choose one.
function render({ model, el }) {
  const silence = saying(model, el, "text");
  const choose = (event) => {
    const root = el.closest(".course-ask");
    if (!root?.contains(event.target)) return;
    const letter = letterOf(event);
    const answer = letter ? model.get("letters").indexOf(letter) : -1;
    if (answer >= 0) model.send({ choose: answer });
  };
  window.addEventListener("keydown", choose, true);
  return () => {
    silence();
    window.removeEventListener("keydown", choose, true);
  };
}
export default { render };
