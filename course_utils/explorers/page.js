// Once in the page: the style of all controls, and what else is to be the same in every browser.
const styled = document.getElementById("course-style");
if (styled?.textContent !== STYLE) {
  styled?.remove(); // anywidget's own way has the whole page styled anew for each control
  document.head.append(Object.assign(document.createElement("style"), { id: "course-style", textContent: STYLE }));
  // What the mouse has brought the focus to and keys move now has a ring too: in Firefox it is not :focus-visible.
  const keyed = ({ target, type, ctrlKey, altKey, metaKey }) => {
    if (ctrlKey || altKey || metaKey || !target.matches?.('[class*="course-"] *')) return;
    target.classList.toggle("course-keyed", type === "keydown");
  };
  // Safari on a Mac gives a button or slider that is clicked on no focus, but the cell, where letters are commands.
  const clicked = ({ target, type }) => {
    const control = target.closest?.('[class*="course-"] :is(button, input)');
    if (type === "click" || control?.type === "range") control?.focus({ preventScroll: true }); // a drag may not click
  };
  for (const type of ["keydown", "focusout"]) window.addEventListener(type, keyed, true);
  for (const type of ["click", "change"]) window.addEventListener(type, clicked, true);
}
