// A native range input: named, reachable by keyboard, with marks under it and the value beside it.
function element(tag, parent, className, properties = {}) {
  const made = Object.assign(document.createElement(tag), { className, ...properties });
  parent.append(made);
  return made;
}

function render({ model, el }) {
  const row = element("div", el, "course-slider");
  const id = crypto.getRandomValues(new Uint32Array(2)).join("-");
  element("label", row, "course-name", { textContent: model.get("name"), htmlFor: id });
  const scale = element("div", row, "course-scale");
  const stops = model.get("stops");
  const range = element("input", scale, "", { id, type: "range", min: 0, max: stops.length - 1, step: 1 });
  range.setAttribute("role", "slider"); // which it has anyway, for programs that look for the word
  const marks = element("div", scale, "course-marks", { id: `${id}-marks` });
  range.setAttribute("aria-describedby", marks.id);
  const field = model.get("typing")
    ? element("input", row, "course-value", { type: "text", inputMode: "decimal", autocomplete: "off" })
    : element("output", row, "course-value", { htmlFor: id });
  field.setAttribute("aria-label", model.get("name") + ", value");
  field.setAttribute("aria-live", "off"); // an <output> would read out each value of a drag

  const { choose, leave, stop } = moves(model, el);
  for (const input of [range, field]) {
    input.dataset.lmSuppressShortcuts = "true"; // else JupyterLab takes the arrow keys
    input.addEventListener("blur", leave);
  }
  const nearest = (value) =>
    stops.reduce((best, stop, i) => (Math.abs(stop - value) < Math.abs(stops[best] - value) ? i : best), 0);
  const value = () => model.get("value");
  const step = (by) => {
    range.value = Number(range.value) + by;
    choose(stops[range.value]);
  };
  const showField = enter(el, field, { name: model.get("name"), stops, value, choose, step });
  const show = () => {
    range.value = nearest(value());
    range.setAttribute("aria-valuetext", showField());
  };
  const showMarks = () => {
    marks.replaceChildren();
    for (const { label, share } of model.get("marks")) {
      const mark = element("div", marks, "course-mark", { textContent: label });
      mark.style.setProperty("--course-at", `calc(8px + ${share} * (100% - 16px) - 1px)`); // the handle is 16 px wide
    }
  };
  const lock = () => {
    for (const input of [range, field]) input.disabled = model.get("disabled"); // on an <output> it does nothing
    row.classList.toggle("course-disabled", model.get("disabled"));
  };
  range.addEventListener("input", () => choose(stops[range.value]));
  let before; // the touch, which may turn out to scroll the page
  range.addEventListener("pointerdown", () => (before = value()));
  range.addEventListener("pointercancel", () => choose(before));
  model.on("change:value", show);
  model.on("change:marks", showMarks);
  model.on("change:disabled", lock);
  show();
  showMarks();
  lock();
  return () => {
    stop();
    model.off("change:value", show);
    model.off("change:marks", showMarks);
    model.off("change:disabled", lock);
  };
}
export default { render };
