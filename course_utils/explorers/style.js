// The style of all controls, once in the page: anywidget's own way has the whole page styled anew for each of them.
const styled = document.getElementById("course-style");
if (styled?.textContent !== STYLE) {
  styled?.remove();
  document.head.append(Object.assign(document.createElement("style"), { id: "course-style", textContent: STYLE }));
  // What the mouse has brought the focus to and keys move now has a ring too: in Firefox it is not :focus-visible.
  const keyed = ({ target, type, ctrlKey, altKey, metaKey }) => {
    if (ctrlKey || altKey || metaKey || !target.matches?.('[class*="course-"] *')) return;
    target.classList.toggle("course-keyed", type === "keydown");
  };
  for (const type of ["keydown", "focusout"]) document.addEventListener(type, keyed, true);
}
