// The text is seen at once; the live region, which stays in the page, repeats it when it has settled.
function render({ model, el }) {
  const seen = document.createElement("div");
  seen.className = "course-status";
  seen.setAttribute("aria-hidden", "true");
  const spoken = document.createElement("div");
  spoken.className = "course-spoken";
  spoken.setAttribute("role", "status");
  el.append(seen, spoken);
  let timer;
  const show = () => {
    seen.textContent = model.get("text");
    clearTimeout(timer);
    timer = setTimeout(() => (spoken.textContent = model.get("text")), 500);
  };
  model.on("change:text", show);
  show();
  return () => {
    clearTimeout(timer);
    model.off("change:text", show);
  };
}
export default { render };
