// A picture that stays, what moves on it as SVG, and the words about it.
const LEAST = 0.65; // of its size: its words could not be read if it were smaller, so it is scrolled sideways
function render({ model, el }) {
  const figure = document.createElement("div");
  figure.className = "course-figure";
  figure.dataset.lmSuppressShortcuts = "true"; // else JupyterLab takes the arrow keys that scroll it
  figure.innerHTML = '<img><svg role="img"></svg>';
  const [image, svg] = figure.children;
  const view = Math.random().toString(36).slice(2); // a rim is this view's own: that of a hidden one cuts nothing
  image.alt = ""; // the moving lines bear the name of both
  el.append(figure);
  // A frame shows one picture. A second one that comes before it is painted waits for the next frame, and only the
  // newest of those that wait: put in its place, it would wipe it out unseen, and often leave the next frame none.
  let unpainted = false, next = null;
  const put = (lines) => {
    svg.innerHTML = lines.replace(/"(url\(#)?rim-/g, `"$1${view}-rim-`); // in words, a quote is &quot;
    unpainted = true;
    requestAnimationFrame(() => setTimeout(painted)); // which comes after the frame
  };
  const painted = () => {
    unpainted = false;
    if (next !== null) put(next);
    next = null;
  };
  const move = () => (unpainted ? (next = model.get("lines")) : put(model.get("lines")));
  const under = () => {
    const [width, height] = ["width", "height"].map((name) => model.get(name));
    figure.style.width = width + "px";
    figure.style.setProperty("--course-least", LEAST * width + "px");
    Object.assign(image, { width, height, src: "data:image/png;base64," + model.get("background") });
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  };
  const name = () => svg.setAttribute("aria-label", `${model.get("alt")} ${model.get("words")}`.trim());
  const scrolled = new ResizeObserver(() => {
    const named = Object.entries({ tabindex: 0, role: "group", "aria-label": "the picture, scrolled sideways" });
    const set = figure.scrollWidth > figure.clientWidth ? "setAttribute" : "removeAttribute";
    for (const attribute of named) figure[set](...attribute);
  });
  scrolled.observe(figure);
  const last = () => put(model.get("lines")); // of a picture that stays; a hidden page has no frames
  model.on("msg:custom", last); // before the words
  const silent = saying(model, el, "words");
  model.on("change:background", under);
  model.on("change:lines", move);
  model.on("change:words", name);
  under();
  move();
  name();
  return () => {
    silent();
    model.off("msg:custom", last);
    scrolled.disconnect();
    model.off("change:background", under);
    model.off("change:lines", move);
    model.off("change:words", name);
  };
}
export default { render };
