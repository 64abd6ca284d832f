// Live charts: Vega starts on the first chart that a reader points at or focuses, never before.
(() => {
  "use strict";
  if (!window.DecompressionStream) return; // charts stay as they are drawn
  const code = document.getElementById("vega");
  const config = JSON.parse(document.getElementById("chart-config").textContent);
  let started;

  async function load() {
    const packed = Uint8Array.from(atob(code.textContent), (letter) => letter.charCodeAt(0));
    const plain = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(plain).text(); // allowed by its hash in the page's policy
    document.head.append(script);
  }

  function name(box, still) {
    const live = box.querySelector("svg");
    box.querySelectorAll("[role],[aria-label],[aria-roledescription]").forEach((part) => {
      ["role", "aria-label", "aria-roledescription"].forEach((key) => part.removeAttribute(key));
    });
    live.removeAttribute("aria-label");
    live.setAttribute("role", "img");
    live.setAttribute("aria-labelledby", still.getAttribute("aria-labelledby"));
    live.prepend(...still.querySelectorAll(":scope > title, :scope > desc"));
  }

  async function enliven(chart) {
    if (chart.dataset.state) return;
    chart.dataset.state = "starting";
    await (started ??= load());
    const still = chart.querySelector("svg");
    const box = document.createElement("div");
    const spec = JSON.parse(chart.querySelector("script").textContent);
    await window.vegaEmbed(box, spec, {
      mode: "vega-lite", ast: true, renderer: "svg", actions: false, config,
      defaultStyle: false, tooltip: { disableDefaultStyle: true },
    });
    const drawn = box.querySelector("svg");
    drawn.setAttribute("viewBox", still.getAttribute("viewBox"));
    name(box, still);
    still.replaceWith(box);
    chart.dataset.state = "live";
  }

  // the arrow keys walk from value to value, as a pointer would
  const STEPS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

  function values(chart) {
    const marks = [...chart.querySelectorAll("svg *")].filter((mark) => mark.__data__?.tooltip);
    const placed = marks.map((mark) => ({ mark, box: mark.getBoundingClientRect() }));
    return placed.sort((a, b) => a.box.x - b.box.x || a.box.y - b.box.y);
  }

  function told(kind, { mark, box }) {
    const place = { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 };
    mark.dispatchEvent(new PointerEvent(kind, { bubbles: true, ...place }));
  }

  function walk(chart) {
    let shown;
    const hide = () => {
      if (shown) ["pointerout", "mouseout"].forEach((kind) => told(kind, shown));
      shown = undefined;
    };
    chart.addEventListener("blur", hide);
    chart.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (event.key === "Escape") hide();
      if (!step || chart.dataset.state !== "live") return;
      event.preventDefault();
      const all = values(chart);
      const before = all.findIndex(({ mark }) => mark === shown?.mark);
      const next = all[Math.max(0, Math.min(all.length - 1, before < 0 && step < 0 ? 0 : before + step))];
      hide();
      if (next) told("pointermove", next);
      document.getElementById("vg-tooltip-element")?.setAttribute("role", "status");
      shown = next;
    });
  }

  document.querySelectorAll(".chart").forEach((chart) => {
    chart.tabIndex = 0;
    chart.setAttribute("aria-keyshortcuts", Object.keys(STEPS).join(" "));
    walk(chart);
    const wake = () => enliven(chart);
    chart.addEventListener("pointerenter", wake, { once: true });
    chart.addEventListener("focus", wake, { once: true });
  });
})();
