// Words that are seen at once; the live region, which stays in the page, repeats them when they have settled.
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
  const show = () => {
    seen.textContent = model.get(name);
    clearTimeout(timer);
    timer = setTimeout(() => (spoken.textContent = model.get(name)), 500);
  };
  model.on("change:" + name, show);
  return () => {
    clearTimeout(timer);
    model.off("change:" + name, show);
  };
}
