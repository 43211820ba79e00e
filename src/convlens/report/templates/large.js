/* Escape closes a figure that fills the window. The link in it does so without scripts. */
addEventListener("keydown", (event) => {
  const close = event.key === "Escape" ? document.querySelector("figure:target > .close") : null;
  if (close) close.click();
});
