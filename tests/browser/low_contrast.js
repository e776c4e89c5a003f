// Every text inside `root` whose contrast with what is behind it is below 4.5 : 1, as [text, ratio]; of "rings" every
// control, which gets the focus, whose ring is narrower than 2 px, or of less than 3 : 1, as [name, ratio].
(root, of) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const paint = (colors) => {
    context.clearRect(0, 0, 1, 1);
    for (const color of colors) {
      context.fillStyle = color;
      context.fillRect(0, 0, 1, 1);
    }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const backgrounds = (e) => (e ? [...backgrounds(e.parentElement), getComputedStyle(e).backgroundColor] : ["white"]);
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (behind, ink) => {
    const [low, high] = [paint(behind), paint([...behind, ink])].map(luminance).sort((a, b) => a - b);
    return Math.round((10 * (high + 0.05)) / (low + 0.05)) / 10;
  };
  const ofText = (e) => {
    const { color, fill } = getComputedStyle(e);
    return e instanceof SVGElement ? contrast(["white"], fill) : contrast(backgrounds(e), color); // SVG is on a picture
  };
  const ofRing = (e) => {
    e.focus();
    const handle = e.closest(".course-handle"); // stands for the two inputs in it, on a picture
    const { outlineStyle, outlineColor, outlineWidth, outlineOffset, borderTopColor } = getComputedStyle(handle ?? e);
    if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) return 1;
    const inside = parseFloat(outlineOffset) + parseFloat(outlineWidth) <= 0;
    return contrast(handle ? [borderTopColor] : backgrounds(inside ? e : e.parentElement), outlineColor);
  };
  const ownText = (e) => [...e.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.data).join("").trim();
  const seen = [...root.querySelectorAll("*")].filter((e) => e.checkVisibility());
  const found = {
    texts: () =>
      seen
        .filter((e) => ownText(e) || e.matches("input[type=number]"))
        .map((e) => [ownText(e) || e.value, ofText(e)])
        .filter(([, ratio]) => ratio < 4.5),
    rings: () =>
      seen
        .filter((e) => e.matches("input, button") && !e.disabled)
        .map((e) => [e.ariaLabel ?? e.labels?.[0]?.innerText ?? e.textContent, ofRing(e)])
        .filter(([, ratio]) => ratio < 3),
  };
  return found[of ?? "texts"]();
};
