/* What is chosen: at most one person, one site, one township, one village. */
const chosen = { person: null, site: null, town: "", village: null };
const watchers = [];

function choose(change) {
  Object.assign(chosen, change);
  for (const watcher of watchers) watcher();
}

function pickPerson(person) {
  choose({ person, site: null, village: null });
}

function pickSite(site) {
  choose({ site, person: null, village: null });
}

function pickVillage(village) {
  const person = DATA.villages[village].adviser;
  choose({ village, person, site: null });
}

function slotFits(slot) {
  if (chosen.person !== null && !slot.who.includes(chosen.person)) return false;
  if (chosen.site !== null && slot.site !== chosen.site) return false;
  const site = DATA.sites[slot.site];
  return !chosen.town || (site !== undefined && site.town === chosen.town);
}

const NO_COLOUR = "#7b8794";
const colourOf = (person) => (person && person.colour) || NO_COLOUR;
