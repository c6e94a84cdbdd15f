// A picture that cannot be shown gives way to the sign of a file and its name, which stand
// beside it in the page. Without script, the picture's own words are read.
"use strict";

function replaced(picture) {
  const sign = picture.nextElementSibling;
  if (!sign?.matches("[data-no-picture]")) return;
  picture.hidden = true;
  sign.hidden = false;
}

// An error does not bubble: it is heard on its way down.
document.addEventListener("error", (event) => {
  if (event.target instanceof HTMLImageElement) replaced(event.target);
}, true);

// What failed before this was read.
for (const one of document.querySelectorAll("img")) {
  if (one.complete && one.naturalWidth === 0 && one.currentSrc) replaced(one);
}
