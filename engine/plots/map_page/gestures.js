// Hands on the map: mouse, fingers and wheel.

const STILL = 5; // pixels within which a press is a tap
const REACH = { mouse: 6, pen: 8, touch: 18 }; // pixels from a point that count as on it

/** `on` has move(dx, dy), zoom(x, y, factor), hover(x, y, reach), tap(x, y, reach) and away(). */
function listenToHands(canvas, on) {
  const down = new Map(); // where each finger or button is, by pointer
  let travelled = 0;

  function at(event) {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    if (down.size === 0) travelled = 0;
    down.set(event.pointerId, at(event));
  });

  canvas.addEventListener("pointermove", (event) => {
    const here = at(event);
    if (!down.has(event.pointerId)) {
      on.hover(here.x, here.y, REACH[event.pointerType] ?? REACH.mouse);
      return;
    }
    const before = middleAndSpread(down);
    travelled += distance(down.get(event.pointerId), here);
    down.set(event.pointerId, here);
    if (travelled < STILL && down.size === 1) return;
    const after = middleAndSpread(down);
    canvas.classList.add("moving");
    on.move(after.x - before.x, after.y - before.y);
    if (before.spread > 0) on.zoom(after.x, after.y, after.spread / before.spread);
  });

  function lift(event) {
    if (!down.delete(event.pointerId) || down.size > 0) return;
    canvas.classList.remove("moving");
    if (event.type === "pointerup" && travelled < STILL) {
      const here = at(event);
      on.tap(here.x, here.y, REACH[event.pointerType] ?? REACH.mouse);
    }
  }
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("pointerleave", () => on.away());

  canvas.addEventListener("dblclick", (event) => on.zoom(at(event).x, at(event).y, 2));

  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const speed = event.ctrlKey ? 0.01 : 0.002; // a pinch on a trackpad comes with ctrlKey
      on.zoom(at(event).x, at(event).y, Math.exp(-event.deltaY * lines * speed));
    },
    { passive: false },
  );
}

/** Of one pointer or several: their middle, and how far the first two are apart (one: 0). */
function middleAndSpread(down) {
  const points = [...down.values()].slice(0, 2);
  const middle = (axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const spread = points.length === 2 ? distance(points[0], points[1]) : 0;
  return { x: middle("x"), y: middle("y"), spread };
}

function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
