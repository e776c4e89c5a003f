// Words that are seen at once; the live region, which stays in the page, repeats them when they have settled.
const QUIET = 500; // milliseconds
function saying(model, el, name) {
  const seen = document.createElement("div");
  seen.className = "course-status";
  seen.setAttribute("aria-hidden", "true");
  const spoken = document.createElement("div");
  spoken.className = "course-spoken";
  spoken.setAttribute("role", "status");
  seen.textContent = spoken.textContent = model.get(name); // before they are in the page: nothing is read out yet
  el.append(seen, spoken);
  let timer;
  const noted = { "course-late": "", "course-remark": "", "course-ended": "" }; // of telling.js
  const show = () => {
    const { "course-late": late, "course-remark": remark, "course-ended": ended } = noted;
    const words = ended || [late, remark, model.get(name)].filter(Boolean).join(" ");
    seen.textContent = words;
    clearTimeout(timer);
    timer = setTimeout(() => (spoken.textContent = words), QUIET);
  };
  const note = ({ type, target, detail }) => {
    if (!target.contains(el) || !(detail || noted[type])) return;
    noted[type] = detail;
    if (detail) spoken.textContent = ""; // the same once more is read out once more
    show();
  };
  const answer = () => {
    noted["course-late"] = "";
    show();
  };
  const stay = ({ again }) => {
    if (!again) return;
    noted["course-ended"] = AGAIN;
    show();
    spoken.textContent = AGAIN; // at once: what will be copied is never quiet
    leaveStill(el.closest(".jp-OutputArea-output"));
  };
  model.on("change:" + name, answer);
  model.on("msg:custom", stay);
  for (const kind of Object.keys(noted)) window.addEventListener(kind, note, true);
  return () => {
    clearTimeout(timer);
    model.off("change:" + name, answer);
    model.off("msg:custom", stay);
    for (const kind of Object.keys(noted)) window.removeEventListener(kind, note, true);
  };
}
// The cell was run again, and the widgets of its last run are about to be closed: a page that did not run it, and has
// no newer output, would be left with nothing. A still copy takes the output's place.
const AGAIN = "The cell that drew this was run again elsewhere: run this one to go on.";
function leaveStill(output) {
  if (!output) return;
  const copy = output.cloneNode(true);
  for (const control of copy.querySelectorAll("input, button, fieldset")) control.disabled = true;
  copy.classList.add("course-disabled"); // greyed
  output.after(copy);
  output.style.display = "none";
}
