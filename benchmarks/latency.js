// When pictures inside a cell's output have changed and been painted, on the page's own clock.
(() => {
  const seen = { root: null, picture: "", painted: [], event: 0, received: 0 };
  const decoded = new WeakMap(); // picture: the source that has been decoded
  const { port1, port2 } = new MessageChannel();
  let waiting = false, dirty = false;

  const decode = async (image) => {
    if (decoded.get(image) === image.src) return;
    decoded.set(image, image.src);
    await image.decode().catch(() => {}); // replaced meanwhile
  };
  const frame = () =>
    new Promise((painted) =>
      requestAnimationFrame(() => {
        dirty = false; // this frame shows all that has changed so far
        port1.onmessage = painted; // a message sent inside a frame arrives when the frame is done
        port2.postMessage(0);
      })
    );
  const paint = async () => {
    while (dirty) {
      await Promise.all([...seen.root.querySelectorAll("img")].map(decode));
      await frame();
      seen.painted.push(performance.now());
    }
    waiting = false;
  };
  const changed = (node) => {
    const element = node instanceof Element ? node : node.parentElement;
    if (!seen.root?.contains(element)) return;
    if (!element.closest(seen.picture) && !element.querySelector(seen.picture)) return;
    dirty = true;
    if (!waiting) {
      waiting = true;
      paint();
    }
  };
  const observer = new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      if (type !== "childList") changed(target);
      else addedNodes.forEach(changed);
    }
  });
  const { drawImage } = CanvasRenderingContext2D.prototype; // a canvas changes unobserved
  CanvasRenderingContext2D.prototype.drawImage = function (...args) {
    drawImage.apply(this, args);
    changed(this.canvas);
  };
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(address, ...rest) {
      super(address, ...rest);
      if (!String(address).includes("/channels")) return;
      this.addEventListener("message", ({ data }) => (seen.received += data.byteLength ?? data.length));
    }
  };
  for (const movement of ["keydown", "pointermove"])
    addEventListener(movement, (event) => (seen.event = event.timeStamp), { capture: true });

  window.latency = {
    // From now on, pictures that match `picture` inside the output of cell number `index` are watched.
    watch(index, picture) {
      seen.root = jupyterapp.shell.currentWidget.content.widgets[index].node.querySelector(".jp-Cell-outputArea");
      seen.picture = picture;
      observer.disconnect();
      observer.observe(seen.root, { subtree: true, childList: true, characterData: true, attributeFilter: ["src", "d"] });
      seen.root.scrollIntoView({ block: "center" });
    },
    start() {
      return Object.assign(seen, { painted: [], event: performance.now(), received: 0 }).event;
    },
    // What was seen, once nothing has been painted for `quiet` ms; at least one picture after the movement, if `one`.
    async seen({ quiet, one }) {
      const end = performance.now() + 10000;
      const done = () => {
        const last = seen.painted.at(-1) ?? 0;
        return !waiting && performance.now() - Math.max(last, seen.event) > quiet && (last > seen.event || !one);
      };
      while (!done() && performance.now() < end) await new Promise((next) => setTimeout(next, 10));
      return { painted: seen.painted, event: seen.event, received: seen.received };
    },
    // Move the course's slider so many times, each time when the last picture has been painted.
    async move(times) {
      const range = seen.root.querySelector(".course-scale input");
      latency.start();
      for (let i = 0; i < times; i++) {
        const before = seen.painted.length;
        range.value = Number(range.value) > 140 ? 60 : Number(range.value) + 1;
        range.dispatchEvent(new Event("input"));
        while (seen.painted.length === before) await new Promise((next) => setTimeout(next, 1));
      }
    },
    // Run the cell; the movement is its start.
    async run(index) {
      const notebook = jupyterapp.shell.currentWidget.content;
      notebook.activeCellIndex = index;
      latency.start();
      await jupyterapp.commands.execute("notebook:run-cell");
    },
  };
})();
