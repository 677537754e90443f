"use strict";
/* Data and small helpers. Every name is set as text, never as markup. */
const DATA = JSON.parse(document.getElementById("data").textContent);
const SVG = "http://www.w3.org/2000/svg";
const byId = (id) => document.getElementById(id);

function el(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function svg(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "click") node.addEventListener("click", value);
    else if (name === "colour") node.style.backgroundColor = value;
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

function show(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
}

const NO_COLOUR = "#7b8794";
const colourOf = (person) => (person && person.colour) || NO_COLOUR;

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
