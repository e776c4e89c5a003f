// The style of all controls, once in the page: anywidget's own way has the whole page styled anew for each of them.
const styled = document.getElementById("course-style");
if (styled?.textContent !== STYLE) {
  styled?.remove();
  document.head.append(Object.assign(document.createElement("style"), { id: "course-style", textContent: STYLE }));
}
