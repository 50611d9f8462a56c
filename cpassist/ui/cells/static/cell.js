// A widget in a cell: Python draws, the browser shows and says what was picked, chosen or typed. What it shows comes by
// message, so that it is in nothing that JupyterLab saves.

function render({ model, el }) {
  const root = document.createElement("div");
  el.append(root);
  const hear = (message) => {
    if (message.html === undefined) return;
    // Whoever works by keyboard stays where they are.
    const here = root.contains(document.activeElement) ? document.activeElement.id : "";
    const open = [...root.querySelectorAll("details[open]")].map((fold) => fold.dataset.fold);
    root.innerHTML = message.html;
    for (const fold of root.querySelectorAll("details")) if (open.includes(fold.dataset.fold)) fold.open = true;
    if (here) root.querySelector("#" + CSS.escape(here))?.focus();
  };
  const pick = (target) => {
    const picked = target.closest("[data-pick], [data-node]");
    if (picked) model.send({ pick: picked.dataset.pick ?? picked.dataset.node });
    return Boolean(picked);
  };
  root.addEventListener("click", (event) => pick(event.target));
  root.addEventListener("keydown", (event) => {
    if (event.target.getAttribute("role") === "button" && ["Enter", " "].includes(event.key) && pick(event.target)) event.preventDefault();
    // Keys that JupyterLab takes for its own while a cell is selected belong to whoever types here.
    event.stopPropagation();
  });
  root.addEventListener("change", ({ target }) => {
    if (target.dataset.field) model.send({ field: target.dataset.field, value: target.value });
  });
  model.on("msg:custom", hear);
  model.send({ hello: true });
  return () => model.off("msg:custom", hear);
}

export default { render };
