// Typed look-ups: a page whose HTML and script disagree fails at once, with the name.

type Kind<Type> = { new (): Type; name: string };

export function element<Type extends HTMLElement>(id: string, kind: Kind<Type>): Type {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} "${id}"`);
  return found;
}

/** A copy of a template's first element. */
export function from_template(id: string): HTMLElement {
  const first = element(id, HTMLTemplateElement).content.firstElementChild;
  return first!.cloneNode(true) as HTMLElement;
}

export function part<Type extends HTMLElement>(root: HTMLElement, selector: string): Type {
  const found = root.querySelector<Type>(selector);
  if (!found) throw new Error(`the template has no ${selector}`);
  return found;
}
