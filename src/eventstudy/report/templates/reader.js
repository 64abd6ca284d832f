// Tools of a page: links, downloads, search and order, light and dark. It can be read without them.
(() => {
  "use strict";
  const words = JSON.parse(document.getElementById("words").textContent);
  const filled = (message, values) => message.replace(/\{(\w+)\}/g, (_, key) => values[key]);

  function make(tag, attributes, ...inside) {
    const element = document.createElement(tag);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    element.append(...inside);
    return element;
  }

  function button(text, label, act) {
    const made = make("button", { type: "button", "aria-label": label }, text);
    made.addEventListener("click", act);
    return made;
  }

  // downloads
  function save(name, blob) {
    const link = make("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 9999);
  }

  function drawing(figure) {
    const svg = figure.querySelector(".chart svg").cloneNode(true);
    const [, , width, height] = svg.getAttribute("viewBox").split(" ");
    svg.setAttribute("width", width);
    svg.setAttribute("height", height);
    svg.setAttribute("font-family", "Helvetica, Arial, 'Liberation Sans', sans-serif");
    const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    Object.entries({ width, height, fill: "#ffffff" }).forEach(([k, v]) => paper.setAttribute(k, v));
    svg.prepend(...svg.querySelectorAll(":scope > title, :scope > desc"), paper);
    return { text: new XMLSerializer().serializeToString(svg), width, height };
  }

  const saveSvg = (figure) =>
    save(`${figure.id}.svg`, new Blob([drawing(figure).text], { type: "image/svg+xml" }));

  async function savePng(figure) {
    const { text, width, height } = drawing(figure);
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = make("canvas", { width: 3 * width, height: 3 * height });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => save(`${figure.id}.png`, blob), "image/png");
  }

  const tidy = (text) => text.replace(/\s+/g, " ").trim();

  function content(cell) {
    const copy = cell.cloneNode(true);
    const detail = copy.querySelector("small");
    copy.querySelectorAll("small, button").forEach((part) => part.remove());
    return { text: tidy(copy.textContent), detail: detail ? tidy(detail.textContent) : "" };
  }

  function grid(table) {
    const titles = [...table.tHead.rows[0].cells].map((cell) => content(cell).text);
    const held = titles.map(() => ({ left: 0 }));
    const rows = [...table.tBodies[0].rows].map((row) => {
      const cells = [...row.cells];
      return titles.map((_, at) => {
        if (held[at].left-- > 0) return { ...held[at].cell, again: true };
        const cell = cells.shift();
        held[at] = { left: cell.rowSpan - 1, cell: content(cell) };
        return held[at].cell;
      });
    });
    return { titles, rows };
  }

  const numeric = (text) => {
    const plain = text.replace("\u2212", "-").replace(/^\+/, "");
    const digits = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain) ? plain.replaceAll(",", "") : plain;
    return /^-?\d+(\.\d+)?$/.test(digits) ? digits : null;
  };

  function quoted(text) {
    const plain = text.replaceAll("\u2212", "-");
    const number = numeric(text) ?? (/^[+-]?\d+(\.\d+)?%$/.test(plain) ? plain : null);
    const value = number ?? (/^[=+\-@\t]/.test(plain) ? `'${plain}` : plain);
    return /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  }

  // a text as what stands before an interval with which it begins, its ends, and what follows
  function parts(text) {
    const found = /^\[([^\s[\]]+?)(?:, ?|\uff0c)([^\s[\],]+)\](?:, |\uff0c| |$)(.*)$/.exec(text);
    return found ? { low: found[1], high: found[2], rest: found[3] } : { low: "", high: "", rest: text };
  }

  // the columns of one column of a page: its text, the ends of an interval, and what stands beside it
  function columns(title, cells) {
    const text = cells.map((cell) => parts(cell.text));
    const beside = cells.map((cell) => parts(cell.detail));
    const ends = (of) => ["low", "high"].map((key) =>
      [filled(words[key], { title }), of.map((each) => each[key])]);
    const made = [
      [title, text.map((each) => each.rest)],
      ...ends(text.map((each, at) => (each.low ? each : beside[at]))),
      [filled(words.beside, { title }), beside.map((each, at) =>
        (text[at].low ? cells[at].detail : each.rest))],
    ];
    return made.filter(([, values], at) => values.some(Boolean) || (!at && !made[1][1].some(Boolean)));
  }

  function saveCsv(block) {
    const { titles, rows } = grid(block.querySelector("table"));
    const made = titles.flatMap((title, at) => columns(title, rows.map((row) => row[at])));
    const seen = new Map();
    const head = made.map(([title]) => {
      seen.set(title, (seen.get(title) ?? 0) + 1);
      return seen.get(title) > 1 ? `${title} (${seen.get(title)})` : title;
    });
    const lines = [head, ...rows.map((_, row) => made.map(([, values]) => values[row]))];
    const text = lines.map((cells) => cells.map(quoted).join(",")).join("\r\n");
    save(`${block.id}.csv`, new Blob([`\ufeff${text}\r\n`], { type: "text/csv" }));
  }

  const NAMED = { "\\": "\\textbackslash{}", "^": "\\textasciicircum{}", "~": "\\textasciitilde{}" };
  const tex = (text) =>
    text.replace(/[\\{}$&#^_~%]/g, (c) => NAMED[c] ?? `\\${c}`).replaceAll("\u2212", "$-$");

  function saveTex(block) {
    const table = block.querySelector("table");
    const { titles, rows } = grid(table);
    const sides = [...table.tHead.rows[0].cells].map((cell) => (cell.classList.contains("n") ? "r" : "l"));
    const whole = (cell) => (cell.again ? "" : tex(`${cell.text} ${cell.detail}`.trim()));
    const caption = block.querySelector(":scope > .caption");
    const notes = [...block.querySelectorAll(":scope > .note")].map((note) => tex(content(note).text));
    const lines = [
      "% \\usepackage{booktabs}",
      "\\begin{table}",
      ...(caption?.dataset.text ? [`\\caption{${tex(caption.dataset.text)}}`] : []),
      `\\begin{tabular}{${sides.join("")}}`,
      "\\toprule",
      `${titles.map(tex).join(" & ")} \\\\`,
      "\\midrule",
      ...rows.map((row) => `${row.map(whole).join(" & ")} \\\\`),
      "\\bottomrule",
      "\\end{tabular}",
      ...notes.map((note) => `\\par\\footnotesize ${note}`),
      "\\end{table}",
    ];
    save(`${block.id}.tex`, new Blob([`${lines.join("\n")}\n`], { type: "text/x-tex" }));
  }

  // a link to each block, and its downloads
  function tools(block, name, kinds) {
    const bar = make("span", { class: "tools" });
    const link = make("a", { href: `#${block.id}`, "aria-label": filled(words.link, { name }) }, "#");
    const made = kinds.map(([kind, act]) =>
      button(kind, filled(words.save, { kind, name }), () => act(block)));
    bar.append(link, ...made.flatMap((each) => [" ", each]));
    return bar;
  }

  document.querySelectorAll(".part[id] > h3").forEach((heading) =>
    heading.before(tools(heading.parentElement, tidy(heading.textContent), [])));
  document.querySelectorAll("figure[id]").forEach((figure) => {
    const kinds = [["SVG", saveSvg], ["PNG", savePng]];
    const bar = tools(figure, figure.querySelector("svg > title").textContent, kinds);
    figure.querySelector(":scope > .numbers").before(bar);
  });
  document.querySelectorAll(".table[id]").forEach((block) => {
    const caption = block.querySelector(":scope > .caption");
    const figure = block.closest("figure");
    const said = caption ?? figure?.querySelector("svg > title");
    const name = said ? tidy(said.textContent) : words.table;
    const bar = tools(block, name.slice(0, 90), [["CSV", saveCsv], ["LaTeX", saveTex]]);
    if (caption) caption.dataset.text = name;
    if (caption) caption.append(" ", bar);
    else block.prepend(bar);
  });

  // search and order of the table of all events
  function searched(block) {
    const rows = [...block.querySelectorAll("tbody tr")];
    const input = make("input", { type: "search", id: "search" });
    const count = make("span", { role: "status" });
    const bar = make("p", { class: "search" }, make("label", { for: "search" }, words.search), " ", input, " ", count);
    input.addEventListener("input", () => {
      const wanted = input.value.toLowerCase().split(/\s+/);
      rows.forEach((row) => {
        const text = row.textContent.toLowerCase();
        row.hidden = !wanted.every((word) => text.includes(word));
      });
      const found = rows.filter((row) => !row.hidden).length;
      count.textContent = filled(words.found, { found, all: rows.length });
    });
    block.querySelector(".scroll").before(bar);
  }

  function ordered(block) {
    const body = block.querySelector("tbody");
    const rows = [...body.rows];
    const heads = [...block.querySelectorAll("thead th")];
    const size = (cell) => {
      const found = /[+\u2212-]?\d+\.\d+/.exec(cell.querySelector("small")?.textContent ?? "");
      return found ? Number(found[0].replace("\u2212", "-")) : null;
    };
    const key = (row, at) => (at < 2 ? rows.indexOf(row) : size(row.cells[at]) ?? tidy(row.cells[at].textContent));
    // words stay below numbers, and what is empty below both, in either direction
    const kind = (value) => (typeof value === "number" ? 0 : value ? 1 : 2);
    const compare = (a, b, sign) =>
      kind(a) - kind(b) || sign * (typeof a === "number" ? a - b : a.localeCompare(b));
    heads.forEach((head, at) => {
      const turn = make("button", { type: "button" }, ...head.childNodes);
      turn.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const sign = up ? 1 : -1;
        body.append(...[...rows].sort((a, b) => compare(key(a, at), key(b, at), sign)));
      });
      head.append(turn);
    });
  }

  const events = document.getElementById("table-events");
  if (events) [ordered, searched].forEach((enhance) => enhance(events));

  // light and dark: as the system has it until a reader says otherwise
  const root = document.documentElement;
  const dark = () =>
    (root.dataset.scheme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const stored = (act) => {
    try { return act(window.sessionStorage); } catch { return null; } // not every browser has one for files
  };
  const choice = stored((storage) => storage.getItem("scheme"));
  if (choice) root.dataset.scheme = choice;
  const scheme = make("button", { type: "button", class: "scheme" });
  const show = () => { scheme.textContent = dark() ? words.light : words.dark; };
  scheme.addEventListener("click", () => {
    root.dataset.scheme = dark() ? "light" : "dark";
    stored((storage) => storage.setItem("scheme", root.dataset.scheme));
    show();
  });
  show();
  document.querySelector("nav > ul").append(make("li", {}, scheme));
})();
