// In a frame on another site: says how high the page is, so that it needs no scroll bar of its own. It says nothing else.

const { body } = document;
const tell = (data) => parent.postMessage(data, "*");
let before = 0;
const measure = () => {
  const height = Math.ceil(body.getBoundingClientRect().bottom + scrollY);
  if (height !== before) tell({ lyhord: "height", height });
  before = height;
};
if (parent !== self) {
  tell({ lyhord: "page" });
  new ResizeObserver(measure).observe(body);
  measure();
}
