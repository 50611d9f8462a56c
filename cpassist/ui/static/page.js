// Shows the HTML that Python renders and reports what people do. It decides nothing.
// The HTML is autoescaped by its templates; here it is cleaned once more before it is shown.

const FORBIDDEN = new Set(["SCRIPT", "IFRAME", "OBJECT", "EMBED", "LINK", "META", "BASE", "STYLE", "FOREIGNOBJECT"]);
const BEAT_MS = 4000;
const SILENT_MS = 9000;

/** Takes out what could run: elements that load or execute, handlers, and addresses beyond this page. */
function clean(root) {
  for (const node of [...root.querySelectorAll("*")]) {
    if (FORBIDDEN.has(node.nodeName.toUpperCase())) {
      node.remove();
      continue;
    }
    for (const attribute of [...node.attributes]) {
      const name = attribute.name.toLowerCase();
      const link = name === "href" || name === "xlink:href" || name === "src" || name === "action" || name === "formaction";
      if (name.startsWith("on") || name === "srcdoc" || (link && !attribute.value.startsWith("#"))) {
        node.removeAttribute(attribute.name);
      }
    }
  }
}

/** Who a node is among its siblings, so that it is changed and not replaced. */
function keyOf(node) {
  if (node.nodeType !== 1) return "#" + node.nodeType;
  const name = node.getAttribute("name");
  return node.nodeName + "|" + (node.id || (name ? name + "=" + (node.getAttribute("value") ?? "") : ""));
}

/** Makes `live` look like `next`, keeping focus and whatever was typed and not yet sent. */
function morph(live, next) {
  if (live.nodeType === 3) {
    if (live.data !== next.data) live.data = next.data;
    return;
  }
  const fresh = live.nodeName === "FORM" && live.dataset.v !== next.dataset.v;
  for (const attribute of [...live.attributes]) {
    if (!next.hasAttribute(attribute.name) && !(attribute.name === "open" && live.nodeName === "DETAILS")) {
      live.removeAttribute(attribute.name);
    }
  }
  for (const attribute of next.attributes) {
    if (attribute.name === "open" && live.nodeName === "DETAILS") continue;
    if (live.getAttribute(attribute.name) !== attribute.value) live.setAttribute(attribute.name, attribute.value);
  }
  morphChildren(live, next);
  if (fresh) live.reset();
  if (live.nodeName === "INPUT" && !live.form && live.type === "radio") live.checked = next.hasAttribute("checked");
}

function morphChildren(live, next) {
  const spare = new Map();
  for (const child of live.childNodes) {
    const key = keyOf(child);
    if (!spare.has(key)) spare.set(key, []);
    spare.get(key).push(child);
  }
  let at = live.firstChild;
  for (const wanted of [...next.childNodes]) {
    const known = spare.get(keyOf(wanted))?.shift();
    if (known) {
      if (known === at) at = at.nextSibling;
      else live.insertBefore(known, at);
      morph(known, wanted);
    } else {
      live.insertBefore(document.importNode(wanted, true), at);
    }
  }
  for (const left of spare.values()) for (const node of left) node.remove();
}

/** The data-* of an element as fields, without those that steer the page. */
function argsOf(element) {
  const { act, change, v, column, ...args } = element.dataset;
  return args;
}

function fieldsOf(form) {
  const fields = argsOf(form);
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string") continue;
    if (!(name in fields)) fields[name] = value;
    else fields[name] = [].concat(fields[name], value);
  }
  return fields;
}

function save(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/yaml" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Arrow keys in the picture: up and down within a column, left and right to the nearest box beside. */
function walk(event) {
  const here = event.target.closest?.("g.n");
  const way = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!here || !way) return;
  const boxes = [...here.ownerSVGElement.querySelectorAll("g.n")];
  const middle = (box) => { const r = box.getBoundingClientRect(); return r.top + r.height / 2; };
  let target;
  if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    const column = boxes.filter((box) => box.dataset.column === here.dataset.column);
    target = column[column.indexOf(here) + way];
  } else {
    const columns = ["adult_need", "child_need", "help"].filter((c) => boxes.some((box) => box.dataset.column === c));
    const beside = boxes.filter((box) => box.dataset.column === columns[columns.indexOf(here.dataset.column) + way]);
    target = beside.sort((a, b) => Math.abs(middle(a) - middle(here)) - Math.abs(middle(b) - middle(here)))[0];
  }
  if (target) {
    event.preventDefault();
    target.focus();
  }
}

function render({ model, el }) {
  const page = document.createElement("div");
  page.className = "cpa";
  el.append(page);

  const show = () => {
    const next = new DOMParser().parseFromString('<div class="cpa">' + model.get("html") + "</div>", "text/html").body.firstChild;
    clean(next);
    morph(page, next);
  };
  const send = (act, fields) => model.send({ act, fields });
  const focus = (id, top) => requestAnimationFrame(() => {
    const target = page.querySelector("#" + CSS.escape(id));
    if (!target) return;
    const control = target.matches("form") ? target.querySelector("input:not([type=hidden]), select, textarea") : target;
    (control ?? target).focus();
    if (top) page.closest("#main, body")?.scrollTo?.(0, 0);
  });

  page.addEventListener("click", (event) => {
    const jump = event.target.closest("a[data-focus]:not([data-act])");
    const pressed = event.target.closest("[data-act]:not(form)");
    if (event.target.closest("[data-print]")) window.print();
    if (jump) {
      event.preventDefault();
      focus(jump.dataset.focus);
    } else if (pressed) {
      event.preventDefault();
      send(pressed.dataset.act, argsOf(pressed));
    }
  });
  page.addEventListener("keydown", (event) => {
    const box = event.target.closest?.("g.n");
    if (box && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      send(box.dataset.act, argsOf(box));
    }
    walk(event);
    // JupyterLab has shortcuts of its own for single keys; what is typed here is ours.
    event.stopPropagation();
  });
  page.addEventListener("submit", (event) => {
    event.preventDefault();
    send(event.target.dataset.act, fieldsOf(event.target));
  });
  page.addEventListener("change", (event) => {
    const control = event.target;
    if (control.dataset.file && control.files[0]) {
      const file = control.files[0];
      if (file.size > 2 * 1024 * 1024) send(control.dataset.file, { text: "file: too large" });
      else file.text().then((text) => send(control.dataset.file, { text }));
      control.value = "";
    } else if (control.dataset.change) {
      send(control.dataset.change, { ...argsOf(control), [control.name]: control.value });
    }
  });

  // The session guard: while nobody answers, what is typed is not being kept, and the page says so.
  let heard = Date.now();
  let beat = 0;
  const guard = () => {
    const box = page.querySelector("#guard");
    if (!box) return;
    const silent = Date.now() - heard > SILENT_MS;
    if (silent && !box.firstChild) {
      box.classList.add("guard--on");
      const words = document.createElement("p");
      const strong = document.createElement("strong");
      strong.textContent = "Not being kept. ";
      words.append(strong, "This page has lost its connection, so what you type or press now is not kept. Everything confirmed before is. Copy what you have just typed, then reload the page: it opens where you were.");
      box.append(words);
    } else if (!silent && box.firstChild) {
      box.classList.remove("guard--on");
      box.replaceChildren();
    }
  };
  const ticking = setInterval(() => {
    beat += 1;
    try {
      model.send({ beat });
    } catch {
      // A closed connection is what the guard is for.
    }
    guard();
  }, BEAT_MS);
  const watching = setInterval(guard, 1000);

  const hear = (message) => {
    heard = Date.now();
    if (message.focus) focus(message.focus, message.top);
    if (message.save !== undefined) save(message.name, message.save);
    guard();
  };
  model.on("msg:custom", hear);
  model.on("change:html", show);
  show();
  send("hello", {});
  return () => {
    clearInterval(ticking);
    clearInterval(watching);
    model.off("msg:custom", hear);
    model.off("change:html", show);
  };
}

export default { render };
