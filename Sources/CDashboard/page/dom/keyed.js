/**
 * Makes the children of `container` those of `items`, in order: a child that is there already is
 * updated where it is, so that focus, selection and scrolling stay. A view is {element,
 * update(item)}.
 */
export class KeyedList {
  #views = new Map();

  constructor(container, { key, create }) {
    this.container = container;
    this.key = key;
    this.create = create;
  }

  get views() {
    return [...this.#views.values()];
  }

  show(items) {
    const views = new Map(items.map((item) => [this.key(item), this.#view(item)]));
    for (const [key, view] of this.#views) {
      if (!views.has(key)) this.#remove(view);
    }
    this.#views = views;
    this.#order([...views.values()]);
  }

  #view(item) {
    const view = this.#views.get(this.key(item)) ?? this.create(item);
    view.update(item);
    return view;
  }

  #remove(view) {
    view.element.remove();
    view.removed?.();
  }

  #order(views) {
    let next = this.container.firstChild;
    for (const { element } of views) {
      if (element === next) {
        next = next.nextSibling;
      } else {
        this.container.insertBefore(element, next);
      }
    }
  }
}
