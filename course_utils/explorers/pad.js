// One handle for two numbers. Inside it are two native range inputs: each number is named, reached and read out.
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, 1], ArrowDown: [1, -1] };
const SHARP = 7; // digits: a sharp edge may lie within a thousandth of a best pair
const LEAPS = { PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity }; // along the number that has the focus

function render({ model, el }) {
  el.innerHTML = `<div class="course-pad" role="group">
    <div class="course-surface"><img draggable="false"><div class="course-handle">
      <input type="range" step="1"><input type="range" step="1" aria-orientation="vertical">
    </div></div>
    <div class="course-fields"></div>
  </div>`;
  const [pad, surface, image, handle] = ["pad", "surface", "surface img", "handle"].map((name) =>
    el.querySelector(".course-" + name),
  );
  const ranges = [...el.querySelectorAll("input")];
  const [names, stops, places] = ["names", "stops", "places"].map((name) => model.get(name));
  const nearest = (values, x) =>
    values.reduce((best, value, i) => (Math.abs(value - x) < Math.abs(values[best] - x) ? i : best), 0);
  const { choose: move, leave, stop } = moves(model, el);
  const choose = (axis, value) => chooseBoth(model.get("value").map((old, i) => (i === axis ? value : old)));
  const chooseBoth = (pair) => {
    if (!model.get("disabled")) move(pair);
  };
  pad.setAttribute("aria-label", names.join(" and "));
  image.src = "data:image/png;base64," + model.get("picture");
  image.alt = model.get("words");
  image.width = model.get("width");
  surface.style.maxWidth = model.get("width") + "px";

  const step = (axis, by) => {
    const index = Number(ranges[axis].value) + by;
    choose(axis, stops[axis][Math.min(Math.max(index, 0), stops[axis].length - 1)]);
  };

  const showFields = [];
  const fields = ranges.map((range, axis) => {
    Object.assign(range, { min: 0, max: stops[axis].length - 1 });
    range.setAttribute("aria-label", names[axis]);
    range.addEventListener("input", () => choose(axis, stops[axis][range.value])); // as a screen reader moves it
    range.addEventListener("keydown", (event) => {
      const [moved, by] = MOVES[event.key] ?? [axis, LEAPS[event.key]];
      if (by === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      ranges[moved].focus({ preventScroll: true }); // what changes is what a screen reader reads out
      step(moved, by * (event.shiftKey ? 10 : 1));
    });
    const label = document.createElement("label");
    const field = Object.assign(document.createElement("input"), { type: "text", className: "course-value" });
    Object.assign(field, { inputMode: "decimal", autocomplete: "off", readOnly: !model.get("typing") });
    field.setAttribute("aria-label", names[axis] + ", value");
    label.append(names[axis] + " ", field);
    el.querySelector(".course-fields").append(label);
    const value = () => model.get("value")[axis];
    const own = { name: names[axis], stops: stops[axis], value, digits: digitsFor(stops[axis], SHARP) };
    showFields[axis] = enter(el, field, { ...own, choose: (x) => choose(axis, x), step: (by) => step(axis, by) });
    return field;
  });
  for (const input of [...ranges, ...fields]) {
    input.dataset.lmSuppressShortcuts = "true"; // else JupyterLab takes the keys
    input.addEventListener("blur", leave);
  }

  // Where a value that lies between two stops is in the picture.
  const place = (axis, value) => {
    const next = Math.max(stops[axis].findIndex((stop) => stop >= value), 1);
    const [low, high] = stops[axis].slice(next - 1, next + 1);
    const [from, to] = places[axis].slice(next - 1, next + 1);
    return 100 * (from + ((to - from) * (value - low)) / (high - low)) + "%";
  };
  const show = () => {
    model.get("value").forEach((value, axis) => {
      ranges[axis].value = nearest(stops[axis], value);
      ranges[axis].setAttribute("aria-valuetext", showFields[axis]());
      handle.style[axis ? "top" : "left"] = place(axis, value);
    });
  };
  const lock = () => {
    for (const input of [...ranges, ...fields]) input.disabled = model.get("disabled");
    pad.classList.toggle("course-disabled", model.get("disabled"));
  };

  const point = (event) => {
    const box = image.getBoundingClientRect();
    const shares = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    const pair = shares.map((share, axis) => stops[axis][nearest(places[axis], share)]);
    if (pair.some((value, axis) => value !== model.get("value")[axis])) chooseBoth(pair);
  };
  let held; // by the finger that came first: the handle does not leap to another one, or to the palm
  surface.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || held !== undefined || model.get("disabled")) return;
    held = event.pointerId;
    surface.setPointerCapture(held);
    ranges[0].focus({ preventScroll: true });
    point(event);
  });
  surface.addEventListener("mousedown", (event) => event.preventDefault()); // else the focus leaves the handle again
  surface.addEventListener("pointermove", (event) => event.pointerId === held && point(event));
  surface.addEventListener("lostpointercapture", () => (held = undefined));

  model.on("change:value", show);
  model.on("change:disabled", lock);
  show();
  lock();
  return () => {
    stop();
    model.off("change:value", show);
    model.off("change:disabled", lock);
  };
}
export default { render };
