// Who this window is: made up once, kept while the window is open, so that two windows are two people.
const names = ["Ada", "Bram", "Cleo", "Dirk", "Elke", "Femke", "Gijs", "Hanne", "Iris", "Joris", "Kaat", "Lotte", "Maarten", "Noor", "Oscar", "Pia"];

export interface Identity {
  id: string;
  name: string;
  hue: number;
}

function made_up(): Identity {
  const [one = 0, two = 0, three = 0] = crypto.getRandomValues(new Uint32Array(3));
  return { id: `p${one.toString(36)}`, name: names[two % names.length]!, hue: three % 360 };
}

function load(): Identity {
  try {
    const kept = sessionStorage.getItem("carillon-identity");
    // A duplicated tab has the storage of the first: it is the same person, but another player.
    if (kept) return { ...(JSON.parse(kept) as Identity), id: made_up().id };
    const me = made_up();
    sessionStorage.setItem("carillon-identity", JSON.stringify(me));
    return me;
  } catch {
    return made_up();
  }
}

export const me: Identity = load();

export function rename(name: string): void {
  me.name = name.trim().slice(0, 24) || me.name;
  try {
    sessionStorage.setItem("carillon-identity", JSON.stringify(me));
  } catch {
    // Without storage the name lasts as long as the page.
  }
}
