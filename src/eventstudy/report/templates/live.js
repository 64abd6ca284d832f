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

  document.querySelectorAll(".chart").forEach((chart) => {
    chart.tabIndex = 0;
    const wake = () => enliven(chart);
    chart.addEventListener("pointerenter", wake, { once: true });
    chart.addEventListener("focus", wake, { once: true });
  });
})();
