// Radio buttons in a named group: Tab reaches the one chosen, the arrow keys choose another.
function render({ model, el }) {
  const group = document.createElement("fieldset");
  group.className = "course-choice";
  const name = crypto.getRandomValues(new Uint32Array(2)).join("-");
  const heading = document.createElement("span"); // Safari gives a <legend> a line of its own, also beside flex items
  Object.assign(heading, { id: `${name}-name`, className: "course-heading", textContent: model.get("name") });
  group.setAttribute("aria-labelledby", heading.id);
  group.append(heading);
  const buttons = model.get("options").map((value) => {
    const label = document.createElement("label");
    const input = Object.assign(document.createElement("input"), { type: "radio", name, value });
    input.dataset.lmSuppressShortcuts = "true"; // else JupyterLab takes the arrow keys
    input.addEventListener("change", () => {
      remark(el, "");
      model.set("value", value);
      tell(model, el, { choose: value });
    });
    label.append(input, value);
    group.append(label);
    return input;
  });
  const show = () => {
    for (const button of buttons) button.checked = button.value === model.get("value");
  };
  const lock = () => {
    group.disabled = model.get("disabled");
    group.classList.toggle("course-disabled", model.get("disabled"));
  };
  model.on("change:value", show);
  model.on("change:disabled", lock);
  show();
  lock();
  el.append(group);
  return () => {
    model.off("change:value", show);
    model.off("change:disabled", lock);
  };
}
export default { render };
