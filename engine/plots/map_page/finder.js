// The search box: a combobox whose list opens while letters are typed.

const MOST_FOUND = 8;

class Finder {
  /** `choose` is called with the film that was picked, `leave` when the box is left by Escape. */
  constructor(input, list, films, colours, choose, leave) {
    Object.assign(this, { input, list, films, colours, choose, leave, found: [], active: 0 });
    this.keys = null; // made at the first letter: it takes a moment
    input.addEventListener("input", () => this.search());
    input.addEventListener("focus", () => this.search());
    input.addEventListener("blur", () => this.close());
    input.addEventListener("keydown", (event) => this.onKey(event));
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // keep the focus
    list.addEventListener("click", (event) => {
      const item = event.target.closest("li[data-film]");
      if (item) this.pick(Number(item.dataset.film));
    });
  }

  search() {
    this.keys ??= searchKeys(this.films);
    this.found = findFilms(this.films, this.keys, this.input.value, MOST_FOUND);
    this.active = 0;
    const items = this.found.map((film, at) => this.item(film, at));
    const none = part("li", "No film on the map is called so");
    none.className = "none";
    this.list.replaceChildren(...(items.length ? items : [none]));
    this.open(this.input.value.trim() !== "");
  }

  item(film, at) {
    const item = document.createElement("li");
    item.id = `found-${at}`;
    item.dataset.film = film;
    item.setAttribute("role", "option");
    const dot = part("span", "");
    dot.className = "dot";
    dot.style.background = this.colours[this.films.group[film]];
    const year = part("small", this.films.year[film] || "");
    item.append(dot, part("span", this.films.name[film]), year);
    return item;
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
    this.mark();
  }

  close() {
    this.open(false);
  }

  mark() {
    const isOpen = !this.list.hidden && this.found.length > 0;
    [...this.list.children].forEach((item, at) => {
      item.setAttribute("aria-selected", String(isOpen && at === this.active));
    });
    if (isOpen) {
      this.input.setAttribute("aria-activedescendant", `found-${this.active}`);
      this.list.children[this.active].scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  onKey(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && this.found.length) {
      this.active = (this.active + steps[event.key] + this.found.length) % this.found.length;
      this.mark();
    } else if (event.key === "Enter" && this.found.length) {
      this.pick(this.found[this.active]);
    } else if (event.key === "Escape") {
      this.input.value = "";
      this.close();
      this.leave();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  pick(film) {
    this.input.value = titleOf(this.films, film);
    this.close();
    this.choose(film);
  }
}
