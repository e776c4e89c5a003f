// A question above an explorer: fields or answers until it is answered or skipped, then the three figures.
const make = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

function render({ model, el }) {
  const id = crypto.getRandomValues(new Uint32Array(2)).join("-");
  const root = () => el.closest(".course-explorer");
  const say = (message) => tell(model, el, { ...message, from: id });
  const box = make("div", { className: "course-prediction" });
  box.setAttribute("role", "group");
  box.setAttribute("aria-labelledby", id);
  const entry = make("div", { className: "course-entry" });
  const told = make("p", { id: `${id}-told` });
  const result = make("div", { className: "course-result" }, told);
  result.setAttribute("role", "status"); // stays in the page, so that what comes into it is read out
  result.setAttribute("aria-atomic", "true");
  box.append(make("p", { id, className: "course-question", textContent: model.get("question") }), entry, result);
  el.append(box);

  const button = (text, action) => {
    const made = make("button", { type: "button", textContent: text });
    made.dataset.lmSuppressShortcuts = "true"; // else JupyterLab takes the keys: b adds a cell
    made.addEventListener("click", action);
    return made;
  };
  const asking = () => model.get("rows").length === 0;
  const texts = () => fields.map((field) => field.value);
  const aim = () => {
    model.set("entered", texts());
    say({ aim: texts() });
  };
  const fill = () => model.get("entered")?.forEach((text, i) => (fields[i].value = text));
  const fields = model.get("fields").map((name, i) => {
    const field = make("input", { type: "text", inputMode: "decimal", autocomplete: "off", id: `${id}-${i}` });
    field.dataset.lmSuppressShortcuts = "true"; // else JupyterLab takes the keys
    field.setAttribute("aria-describedby", told.id);
    field.addEventListener("input", aim);
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      say({ commit: texts() });
    });
    entry.append(make("label", { htmlFor: field.id, textContent: name }), field);
    return field;
  });
  if (fields.length) entry.append(button("Predict", () => say({ commit: texts() })));
  model.get("answers").forEach((text, i) => {
    const letter = String.fromCharCode(65 + i);
    const answer = button(`${letter}. ${text}`, () => say({ commit: [letter] }));
    answer.className = "course-answer";
    entry.append(answer);
  });
  const skip = button("", () => say({ skip: [] }));
  entry.append(skip);

  const ask = () => {
    skip.textContent = model.get("locked") ? "Skip (Esc)" : "Skip";
    fields.forEach((field, i) => field.setAttribute("aria-invalid", model.get("wrong").includes(i)));
    if (told.textContent !== model.get("says")) told.textContent = model.get("says"); // else it is read out once more
  };
  const compare = () => {
    if (asking()) return;
    entry.remove();
    const rows = model.get("rows");
    const heads = rows.map(([head]) => make("th", { scope: "col", textContent: head }));
    const values = rows.map(([, value]) => make("td", { textContent: value }));
    result.replaceChildren(make("table", {}, make("tr", {}, ...heads), make("tr", {}, ...values)), told);
  };

  // A click in the picture fills in the fields; listened to on the window, as the picture comes and goes.
  const place = (event) => {
    const plane = model.get("plane");
    const picture = plane.box && asking() && root()?.querySelector("svg[role=img]");
    if (!picture || !root().contains(event.target)) return null;
    const { left, top, width, height } = picture.getBoundingClientRect();
    const at = [(event.clientX - left) / width, (event.clientY - top) / height];
    const [x, y] = [0, 1].map((i) => (at[i] - plane.box[i]) / (plane.box[i + 2] - plane.box[i]));
    if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) return null;
    const between = ([low, high], log, share) => log ? low * (high / low) ** share : low + share * (high - low);
    return [between(plane.x, plane.logs[0], x), between(plane.y, plane.logs[1], 1 - y)];
  };
  const rounded = (value, limits, log) => {
    const [low, high] = [Math.min(...limits), Math.max(...limits)];
    const digits = Math.max(2, 2 - Math.floor(Math.log10(high - low)));
    const text = log ? value.toPrecision(3) : value.toFixed(digits);
    return Number(text) < low ? low : Number(text) > high ? high : text;
  };
  const picked = (event) => {
    const point = place(event);
    if (!point) return;
    const { x, y, logs } = model.get("plane");
    point.forEach((value, i) => (fields[i].value = rounded(value, [x, y][i], logs[i])));
    aim();
    fields[0].focus({ preventScroll: true }); // Enter commits
  };
  const hover = (event) => root()?.classList.toggle("course-aiming", place(event) !== null);
  const letter = (event) => {
    if (!event.target.matches?.(".course-answer") || !box.contains(event.target)) return;
    const chosen = letterOf(event);
    if (chosen && model.get("answers")[chosen.charCodeAt(0) - 65]) say({ commit: [chosen] });
  };
  const pressed = (event) => {
    letter(event);
    if (event.key !== "Escape" || !model.get("locked") || !root()?.contains(document.activeElement)) return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab would leave the cell
    say({ skip: [] });
  };
  const opened = (message) => {
    const at = document.activeElement; // the page's body, as what had the focus is gone
    if (message.opened !== id || (at !== document.body && !root()?.contains(at))) return; // said in another view
    root()?.querySelector(".course-slider input, .course-pad input")?.focus();
  };
  const listeners = { click: picked, pointermove: hover, keydown: pressed };
  for (const [name, listener] of Object.entries(listeners)) window.addEventListener(name, listener, true);
  model.on("change:says change:wrong change:locked", ask);
  model.on("change:rows", compare);
  model.on("change:entered", fill); // in another view of this question
  model.on("msg:custom", opened);
  ask();
  fill();
  compare();
  return () => {
    for (const [name, listener] of Object.entries(listeners)) window.removeEventListener(name, listener, true);
    model.off("change:says change:wrong change:locked", ask);
    model.off("change:rows", compare);
    model.off("change:entered", fill);
    model.off("msg:custom", opened);
  };
}
export default { render };
