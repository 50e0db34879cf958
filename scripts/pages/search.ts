/** What searches and filters a list in the page's own browser: an addition, all is there without it. */
export const script = `
(() => {
  const by = (id) => document.getElementById(id);
  const [search, kind, count] = [by("search"), by("kind"), by("count")];
  const items = [...document.querySelectorAll(".item")].map((element) => {
    const parts = [...element.querySelectorAll(".resource")].map((part) => ({ part, text: part.textContent.toLowerCase() }));
    const all = element.textContent.toLowerCase();
    const own = [...element.querySelectorAll(":scope > summary, :scope > .sides > :first-child")].map((each) => each.textContent).join(" ").toLowerCase();
    return { element, parts, own, all, kinds: element.dataset.kinds.split(" ") };
  });
  document.querySelector(".tools").hidden = false;
  const show = () => {
    const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const has = (text) => words.every((word) => text.includes(word));
    let shown = 0;
    for (const { element, parts, own, all, kinds } of items) {
      const fits = (kind.value === "" || kinds.includes(kind.value)) && (words.length === 0 || has(all));
      element.hidden = !fits;
      if (!fits) continue;
      shown++;
      const some = words.length > 0 && !has(own) && parts.some(({ text }) => has(text));
      for (const { part, text } of parts) part.hidden = some && !has(text);
      if (words.length > 0 || kind.value !== "") element.open = true;
    }
    count.textContent = words.length === 0 && kind.value === "" ? "" : shown + " of " + items.length + " shown";
  };
  const shown = () => { show(); by("list").scrollIntoView(); };
  search.addEventListener("input", shown);
  kind.addEventListener("change", shown);
  const all = (open) => document.querySelectorAll("#items details").forEach((each) => { each.open = open; });
  by("unfold").addEventListener("click", () => all(true));
  by("fold").addEventListener("click", () => all(false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT)$/.test(event.target.tagName)) { event.preventDefault(); search.focus(); }
    if (event.key === "Escape" && event.target === search) { search.value = ""; show(); }
  });
})();
`;
