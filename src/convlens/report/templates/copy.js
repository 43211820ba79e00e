/* Listings get a button that copies them. Without scripts they can be selected by hand. */
for (const box of document.querySelectorAll("details.listing")) {
  const code = box.querySelector("pre"), button = document.createElement("button");
  const { copy, copied } = box.dataset;
  button.type = "button";
  button.textContent = copy;
  button.setAttribute("aria-label", `${copy}: ${box.querySelector("summary").textContent}`);
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  const bySelection = () => {
    getSelection().selectAllChildren(code);
    return document.execCommand("copy");
  };
  button.addEventListener("click", async () => {
    let done;
    try {
      await navigator.clipboard.writeText(code.textContent);
      done = true;
    } catch {
      done = bySelection();
    }
    said.textContent = done ? copied : "";
  });
  code.before(button, said);
}
