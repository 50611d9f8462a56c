// Shows the HTML that Python renders and reports what people do. It decides nothing.
// The HTML is autoescaped by its templates; here whatever is new is cleaned once more before it is shown.

const FORBIDDEN = new Set(["SCRIPT", "IFRAME", "OBJECT", "EMBED", "LINK", "META", "BASE", "STYLE", "FOREIGNOBJECT"]);
const BEAT_MS = 4000;
const SILENT_MS = 9000;

const SEAT = "cpassist-seat";
const LINKS = new Set(["href", "xlink:href", "src", "action", "formaction"]);

/** Elements that load or execute never come onto the page. */
function isForbidden(node) {
  return node.nodeType === 1 && FORBIDDEN.has(node.nodeName.toUpperCase());
}

/** Neither do handlers, and addresses beyond this page. */
function mayStand(attribute) {
  const name = attribute.name.toLowerCase();
  return !name.startsWith("on") && name !== "srcdoc" && (!LINKS.has(name) || attribute.value.startsWith("#"));
}

/** Takes out of something new what could run. */
function clean(root) {
  if (root.nodeType !== 1) return;
  for (const node of [root, ...root.querySelectorAll("*")]) {
    if (isForbidden(node)) {
      node.remove();
      continue;
    }
    for (const attribute of [...node.attributes]) {
      if (!mayStand(attribute)) node.removeAttribute(attribute.name);
    }
  }
}

/** Who a node is among its siblings, so that it is changed and not replaced. */
function keyOf(node) {
  if (node.nodeType !== 1) return "#" + node.nodeType;
  if (node.nodeName === "FORM") return formKey(node);
  const name = node.getAttribute("name");
  return node.nodeName + "|" + (node.id || node.getAttribute("aria-labelledby") || (name ? name + "=" + (node.getAttribute("value") ?? "") : ""));
}

/** Whether a part is as it was. What stands on the page was cleaned, so what equals it is clean; what
 *  people fill in is looked at each time, since what they did to it shows in no attribute. */
function isUnchanged(live, next) {
  return live.isEqualNode(next) && (live.nodeType !== 1 || !live.querySelector("input, select, textarea"));
}

/** Makes `live` look like `next`, keeping focus and whatever was typed and not yet sent. */
function morph(live, next) {
  if (live.nodeType === 1 && live.hasAttribute("data-own")) return;
  if (live.nodeType === 3) {
    if (live.data !== next.data) live.data = next.data;
    return;
  }
  // A field that says what was drawn says what is drawn anew, also where somebody has typed in it before.
  const follows = (live.nodeName === "TEXTAREA" || (live.nodeName === "INPUT" && !isBox(live) && live.type !== "file")) && live.value === live.defaultValue;
  for (const attribute of [...live.attributes]) {
    if (!next.hasAttribute(attribute.name) && !(attribute.name === "open" && live.nodeName === "DETAILS")) {
      live.removeAttribute(attribute.name);
    }
  }
  for (const attribute of next.attributes) {
    if ((attribute.name === "open" && live.nodeName === "DETAILS") || !mayStand(attribute)) continue;
    if (live.getAttribute(attribute.name) !== attribute.value) live.setAttribute(attribute.name, attribute.value);
  }
  morphChildren(live, next);
  if (follows && live.value !== live.defaultValue) live.value = live.defaultValue;
  if (live.nodeName === "INPUT" && !live.form && live.type === "radio") live.checked = next.hasAttribute("checked");
}

/** Which form this is: another person's, or one that has been recorded since, is another form. */
function formKey(form) {
  return placeOf(form) + "|" + (form.dataset.turn ?? "");
}

/** Where what was begun belongs, also when the form there has been drawn anew from other words. */
function placeOf(form) {
  const { act, person, form: name, v } = form.dataset;
  return ["FORM", act, person, name, v].join("|");
}

/** What was begun in forms that are not on the screen: place → what it is, and its fields. */
const unfinished = new Map();

/** Forms whose words have been handed over, or that were left on purpose: form → the message that did it, until it is answered. */
const settled = new Map();

/** How many messages have been sent. */
let sent = 0;

/** A form counts as settled by the next message. What an earlier answer draws meanwhile does not bring it back. */
function settle(form) {
  settled.set(form, sent + 1);
}

/** Whatever an answered message settled and that still stands (it was refused) counts as begun again. */
function unsettle(answered) {
  for (const [form, message] of settled) if (message <= answered) settled.delete(form);
}

/** What the last drawing added; begun forms are filled once everything that goes has gone. */
const arrived = [];

/** Whether somebody has changed a control since it was drawn. */
function isChanged(control) {
  return isBox(control) ? control.checked !== control.defaultChecked
    : control.nodeName === "SELECT" ? control.selectedIndex !== drawnOption(control)
    : "defaultValue" in control && control.value !== control.defaultValue;
}

function isBox(control) {
  return control.type === "checkbox" || control.type === "radio";
}

function drawnOption(select) {
  return Math.max(0, [...select.options].findIndex((option) => option.defaultSelected));
}

function isBegun(form) {
  return [...form.elements].some(isChanged);
}

/** What each form held when it was handed over: form → control → value. */
const handed = new WeakMap();

function handOver(form) {
  settle(form);
  handed.set(form, new Map([...form.elements].map((control) => [control, isBox(control) ? control.checked : control.value])));
}

/** A form that was kept takes the words as they were kept ("1" is 01 now); what was typed since stays. */
function takeKept(form) {
  for (const [control, value] of handed.get(form) ?? []) {
    if (!form.contains(control) || (isBox(control) ? control.checked : control.value) !== value) continue;
    if (isBox(control)) control.checked = control.defaultChecked;
    else if (control.nodeName === "SELECT") control.selectedIndex = drawnOption(control);
    else if ("defaultValue" in control && control.type !== "hidden") control.value = control.defaultValue;
  }
}

/** A form that goes while something is begun in it can come back with what was typed. */
function setAside(node) {
  if (node.nodeType !== 1) return;
  for (const form of [...(node.matches("form") ? [node] : []), ...node.querySelectorAll("form")]) {
    if (!form.dataset.title || settled.has(form) || !isBegun(form)) continue;
    const controls = [...form.elements].filter((control) => control.name && control.type !== "hidden" && isChanged(control));
    unfinished.set(placeOf(form), {
      dataset: { ...form.dataset },
      fields: controls.map((c) => [c.name, isBox(c) ? c.value : null, c.checked, c.value]),
    });
  }
}

function bringBack(node) {
  if (node.nodeType !== 1) return;
  for (const form of [...(node.matches("form") ? [node] : []), ...node.querySelectorAll("form")]) {
    const begun = unfinished.get(placeOf(form));
    if (!begun) continue;
    unfinished.delete(placeOf(form));
    for (const [name, option, checked, value] of begun.fields) {
      for (const control of form.elements) {
        if (control.name !== name) continue;
        if (option === null) control.value = value;
        else if (control.value === option) control.checked = checked;
      }
    }
  }
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
    if (isForbidden(wanted)) continue;
    const known = spare.get(keyOf(wanted))?.shift();
    if (known) {
      if (known === at) at = at.nextSibling;
      else live.insertBefore(known, at);
      if (!isUnchanged(known, wanted)) morph(known, wanted);
    } else {
      const added = document.importNode(wanted, true);
      clean(added);
      live.insertBefore(added, at);
      arrived.push(added);
    }
  }
  for (const left of spare.values()) {
    for (const node of left) {
      setAside(node);
      node.remove();
    }
  }
}

/** The data-* of an element as fields, without those that steer the page. */
function argsOf(element) {
  const { act, change, v, turn, column, title, opens, batch, whole, counts, ...args } = element.dataset;
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

/** What somebody closed for ever stays closed in this browser. */
function isDismissed(name) {
  try {
    return localStorage.getItem("cpassist-closed-" + name) !== null;
  } catch {
    return false;
  }
}

function dismiss(name) {
  try {
    localStorage.setItem("cpassist-closed-" + name, "yes");
  } catch {
    // Where the browser keeps nothing it is closed until the page is opened again.
  }
}

/** A day that was suggested becomes what somebody says, in the fields beside it, where nothing stands yet. */
function takeDay(button) {
  const fields = [...button.closest("fieldset").querySelectorAll("input")];
  if (fields.every((field) => !field.value)) {
    button.dataset.fill.split("-").reverse().forEach((part, at) => { fields[at].value = part; });
  }
  if (document.activeElement === button) fields[0].focus();
  button.hidden = true;
}

/** A seat in a workshop is found again after a refresh of this tab, and of no other. */
function keepSeat(seat) {
  if (seat) sessionStorage.setItem(SEAT, JSON.stringify(seat));
  else sessionStorage.removeItem(SEAT);
}

function save(name, text, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Copies a block of text, and says so. Without a secure connection browsers offer only the older way. */
async function copy(block, status) {
  try {
    await navigator.clipboard.writeText(block.textContent);
  } catch {
    const range = document.createRange();
    range.selectNodeContents(block);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    document.execCommand("copy");
  }
  status.textContent = "Copied.";
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

/**
 * A choice that is recorded as soon as it is made: arrow keys only move, and Space chooses. Otherwise
 * somebody on the way from "Yes" to "Not known" would record a "No".
 */
function wander(event) {
  const here = event.target;
  const way = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
  if (!way || here.type !== "radio" || !here.dataset.change) return;
  const group = [...here.closest("fieldset").querySelectorAll("input[type=radio]")];
  event.preventDefault();
  group[(group.indexOf(here) + way + group.length) % group.length].focus();
}

/** Arrow keys in a grid of cells: to the next cell that can be filled in, whatever lies between. */
function stride(event) {
  const here = event.target;
  const way = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Enter: [1, 0] }[event.key];
  if (!way || here.dataset?.grid === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const rows = [...here.closest("table").rows];
  let row = rows.indexOf(here.closest("tr"));
  let column = here.closest("td").cellIndex;
  for (;;) {
    row += way[0];
    column += way[1];
    if (!rows[row] || column < 1 || column >= rows[0].cells.length) return;
    const cell = rows[row].cells[column]?.querySelector("[data-grid]");
    if (!cell) continue;
    cell.focus();
    cell.select();
    return;
  }
}

/** Rows and columns pasted from a spreadsheet go cell by cell; what does not fit is said and not dropped in silence. */
function pasteRows(event, status) {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const here = event.target;
  const table = here.closest?.("table");
  if (!table || !/[\t\n]/.test(text.trim()) || here.nodeName !== "INPUT") return;
  const lines = cellsOf(text.replace(/\r/g, "").replace(/\n+$/, ""));
  event.preventDefault();
  const rows = [...table.tBodies[0].rows];
  const from = rows.indexOf(here.closest("tr"));
  const first = here.closest("td").cellIndex;
  let left = 0;
  lines.forEach((cells, down) => cells.forEach((said, across) => {
    const field = rows[from + down]?.cells[first + across]?.querySelector("input:not([type=hidden]):not([type=checkbox]), select");
    if (!said.trim()) return;
    if (!field || !put(field, said.trim())) left += 1;
  }));
  status.textContent = left ? `${left} of the cells that you pasted found no place, or say something that is not in the list. Check them before you record.` : "Pasted. Check it, then record.";
}

/** The cells of what a spreadsheet copies, line by line; a cell in quotes may hold lines of its own. */
function cellsOf(text) {
  const lines = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"(?=[\t\n]|$)|([^\t\n]*))(\t|\n|$)/g)) {
    lines.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"').replace(/\s+/g, " "));
    if (end === "\n") lines.push([]);
    if (end === "") break;
  }
  return lines;
}

/** Whether what was pasted can stand in a field. */
function put(field, said) {
  if (field.nodeName !== "SELECT") {
    if (field.maxLength > 0 && said.length > field.maxLength) return false;
    field.value = said;
    return true;
  }
  const wanted = [...field.options].find((option) => option.textContent.trim().toLowerCase() === said.toLowerCase());
  if (wanted) field.value = wanted.value;
  return Boolean(wanted);
}

/** Arrow keys on the gap map: one place at a time, and only one of them is a stop for Tab. */
function roam(event) {
  const here = event.target.closest?.("g.c[role=button]");
  const way = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  if (!here || !way) return;
  event.preventDefault();
  const at = (row, column) => here.ownerSVGElement.querySelector(`g.c[data-r="${row}"][data-c="${column}"]`);
  const row = Number(here.dataset.r) + way[0];
  const target = at(row, Number(here.dataset.c) + way[1]) ?? (way[0] ? at(row, 0) : null);
  if (!target) return;
  here.setAttribute("tabindex", "-1");
  target.setAttribute("tabindex", "0");
  target.focus();
}

function render({ model, el }) {
  const page = document.createElement("div");
  page.className = "cpa";
  el.append(page);

  const show = (html) => {
    const next = new DOMParser().parseFromString('<div class="cpa">' + html + "</div>", "text/html").body.firstChild;
    morph(page, next);
    for (const node of arrived.splice(0)) bringBack(node);
    for (const node of page.querySelectorAll("[data-once]")) node.hidden = isDismissed(node.dataset.once);
    tell();
    remember();
    gone = false;
  };
  // Whoever has gone on by themselves since the last act or drawing keeps the focus where they are.
  let gone = false;
  const going = () => { gone = true; };
  // The browser's Back goes to the step before, and leaves the page only from the first one. In
  // JupyterLab the history is not ours.
  const isPage = document.body.classList.contains("cpassist-frame");
  let step = null;
  const remember = () => {
    const now = page.querySelector("#content")?.dataset.step;
    if (!isPage || !now || now === step) return;
    if (step === null) history.replaceState({ step: now }, "");
    else if (history.state?.step !== now) history.pushState({ step: now }, "");
    step = now;
  };
  const back = (event) => {
    if (event.state?.step) send("go", { step: event.state.step });
  };
  let said = "";
  const tell = () => {
    const here = page.querySelector("#unfinished");
    // What was begun for another family waits until that family is opened again.
    const begun = [...unfinished.values()].filter(({ dataset }) => dataset.v.startsWith(here?.dataset.v));
    const now = begun.map(({ dataset }) => dataset.title).join("; ");
    if (!here || now === said) return;
    said = now;
    here.firstElementChild.replaceChildren(...begun.map(({ dataset }) => {
      const line = document.createElement("p");
      const back = document.createElement("button");
      back.type = "button";
      back.className = "button button--link";
      back.textContent = "Go back to it";
      Object.assign(back.dataset, {
        act: "return_to", step: dataset.step, form: dataset.opens ?? "", person: dataset.person ?? "", editing: dataset.editing ?? "",
        line: dataset.line ?? "", verdict: dataset.verdict ?? "", focus: dataset.form ? dataset.form + "-form" : "",
      });
      line.append(`Begun and not recorded yet: ${dataset.title}. `, back);
      return line;
    }));
  };
  const send = (act, fields, forms = []) => {
    gone = false;
    model.send({ act, fields, forms, message: (sent += 1) });
  };
  // A button that keeps what is on the page first: every form that was begun.
  const toKeep = () => [...page.querySelectorAll("form[data-batch]")].filter(isBegun);
  // What stays begun: forms that no such button keeps, and what waits for its form to come back.
  const stillBegun = (kept) => {
    const here = [...page.querySelectorAll("form[data-title]")].filter((form) => !kept.includes(form) && (isBegun(form) || form.dataset.counts !== undefined));
    const family = page.querySelector("#unfinished")?.dataset.v;
    const away = [...unfinished.values()].filter(({ dataset }) => dataset.v.startsWith(family));
    return [...here, ...away].filter(({ dataset }) => dataset.step === "plan").map(({ dataset }) => dataset.title).join("; ");
  };
  const focus = (ids, { top = false, asked = true } = {}) => requestAnimationFrame(() => {
    const target = [].concat(ids).map((id) => page.querySelector("#" + CSS.escape(id))).find(Boolean);
    if (!target || (!asked && gone)) return;
    // What is folded away cannot take the focus; what was asked for by a link is opened itself.
    for (let fold = asked ? target.closest("details") : target.parentElement.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    const summary = target.matches("details") ? target.querySelector("summary") : target.closest("summary");
    const control = summary ?? (target.matches("form") ? target.querySelector("input:not([type=hidden]), select, textarea") : target);
    (control ?? target).focus();
    if (top) page.closest("#main, body")?.scrollTo?.(0, 0);
  });

  page.addEventListener("click", (event) => {
    const jump = event.target.closest("a[data-focus]:not([data-act])");
    const pressed = event.target.closest("[data-act]:not(form)");
    if (event.target.closest("[data-print]")) window.print();
    const copied = event.target.closest("[data-copy]");
    const dismissed = event.target.closest("[data-dismiss]");
    if (dismissed) {
      dismiss(dismissed.dataset.dismiss);
      dismissed.closest("[data-once]").hidden = true;
      focus("heading");
    }
    const filled = event.target.closest("[data-fill]");
    if (filled) takeDay(filled);
    if (event.target.closest("[data-fill-all]")) page.querySelectorAll("[data-fill]").forEach(takeDay);
    if (copied) copy(page.querySelector("#" + CSS.escape(copied.dataset.copy)), page.querySelector("#status"));
    if (jump) {
      event.preventDefault();
      focus(jump.dataset.focus);
    } else if (pressed) {
      event.preventDefault();
      // "Discard this" inside a form is on purpose; anything else that closes it is not.
      const form = pressed.closest("form");
      if (form) settle(form);
      if (pressed.dataset.batch === undefined) {
        send(pressed.dataset.act, argsOf(pressed));
      } else {
        const forms = toKeep();
        forms.forEach(handOver);
        const messages = forms.map((one) => ({ act: one.dataset.act, fields: fieldsOf(one) }));
        send(pressed.dataset.act, { ...argsOf(pressed), begun: stillBegun(forms) }, messages);
      }
    }
  });
  page.addEventListener("keydown", (event) => {
    const box = event.target.closest?.("g.n, g.c[role=button]");
    if (box && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      send(box.dataset.act, argsOf(box));
    }
    walk(event);
    wander(event);
    roam(event);
    stride(event);
    // JupyterLab has shortcuts of its own for single keys; what is typed here is ours.
    event.stopPropagation();
  });
  // A cell holds one figure: what is typed takes the place of what stands there.
  page.addEventListener("focusin", (event) => {
    if (event.target.dataset?.grid !== undefined) event.target.select();
  });
  page.addEventListener("paste", (event) => pasteRows(event, page.querySelector("#status")));
  page.addEventListener("submit", (event) => {
    event.preventDefault();
    handOver(event.target);
    const fields = fieldsOf(event.target);
    // What decides about all of it says what else is begun and not kept.
    if (event.target.dataset.whole !== undefined) fields.begun = stillBegun([event.target]);
    send(event.target.dataset.act, fields);
  });
  page.addEventListener("change", (event) => {
    const control = event.target;
    if (control.dataset.file && control.files[0]) {
      const file = control.files[0];
      if (file.size > Number(control.dataset.most ?? 2) * 1024 * 1024) send(control.dataset.file, { text: "file: too large" });
      else file.text().then((text) => send(control.dataset.file, { text }));
      control.value = "";
    } else if (control.dataset.change && !control.form) {
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
      strong.textContent = box.dataset.says ? "Not connected. " : "Not being kept. ";
      words.append(strong, box.dataset.says ?? "This page has lost its connection, so what you type or press now is not kept. Everything confirmed before is. Copy what you have just typed, then reload the page: it opens where you were.");
      box.append(words);
    } else if (!silent && box.firstChild) {
      box.classList.remove("guard--on");
      box.replaceChildren();
    }
  };
  let ticking;
  const tick = () => {
    beat += 1;
    try {
      model.send({ beat });
    } catch {
      // A closed connection is what the guard is for.
    }
    guard();
    ticking = setTimeout(tick, Number(page.querySelector("#content")?.dataset.beat ?? BEAT_MS));
  };
  ticking = setTimeout(tick, BEAT_MS);
  const watching = setInterval(guard, 1000);

  const hear = (message, buffers) => {
    heard = Date.now();
    if (message.html !== undefined) show(message.html);
    if (message.answered !== undefined) unsettle(message.answered);
    if (message.focus) focus(message.focus, { top: message.top, asked: false });
    if (message.kept) {
      const form = page.querySelector("#" + CSS.escape(message.kept + "-form"));
      if (form) takeKept(form);
      tell();
    }
    if (message.seat !== undefined) keepSeat(message.seat);
    if (message.save !== undefined) save(message.name, message.save ?? buffers[0], message.type);
    guard();
  };
  const leaving = (event) => {
    const begun = [...page.querySelectorAll("form[data-title]")].some(isBegun);
    if (begun || unfinished.size || page.querySelector("[data-unsaved]")) event.preventDefault();
  };
  // On paper nobody can open a fold: all of them are open while it is printed.
  let folded = [];
  const unfold = () => {
    folded = [...page.querySelectorAll("details:not([open])")];
    for (const fold of folded) fold.open = true;
  };
  const foldAgain = () => {
    for (const fold of folded.splice(0)) fold.open = false;
  };
  window.addEventListener("beforeprint", unfold);
  window.addEventListener("afterprint", foldAgain);
  window.addEventListener("beforeunload", leaving);
  document.addEventListener("keydown", going, true);
  page.addEventListener("focusin", going);
  if (isPage) window.addEventListener("popstate", back);
  model.on("msg:custom", hear);
  send("hello", JSON.parse(sessionStorage.getItem(SEAT) ?? "{}"));
  return () => {
    clearTimeout(ticking);
    clearInterval(watching);
    window.removeEventListener("beforeprint", unfold);
    window.removeEventListener("afterprint", foldAgain);
    window.removeEventListener("beforeunload", leaving);
    document.removeEventListener("keydown", going, true);
    window.removeEventListener("popstate", back);
    model.off("msg:custom", hear);
  };
}

export default { render };
