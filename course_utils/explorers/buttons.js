// Buttons in a row; what they do is done in the kernel.
function render({ model, el }) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const row = document.createElement("div");
  row.className = "course-buttons";
  const buttons = model.get("names").map((name) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: name });
    button.dataset.lmSuppressShortcuts = "true"; // else JupyterLab takes keys: x cuts the cell
    button.addEventListener("click", () => {
      remark(el, "");
      tell(model, el, { press: name, calm: calm.matches });
    });
    return button;
  });
  row.append(...buttons);
  el.append(row);
  const lock = () => buttons.forEach((button) => (button.disabled = model.get("disabled")));
  model.on("change:disabled", lock);
  lock();
  return () => model.off("change:disabled", lock);
}
export default { render };
