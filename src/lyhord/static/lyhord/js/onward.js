// A form that only goes on: pressed by itself, once. Without scripts its button is there.

document.querySelector("[data-onward]")?.requestSubmit();
