// Loaded before the suite of the npm package liboneandone: the suite waits by the clock of a live service
// and names its address; here an action is done at once, elsewhere. The limits of its tests, a quarter of an
// hour each, stay what they are.
const later = globalThis.setTimeout;
globalThis.setTimeout = (what, delay, ...rest) =>
  later(what, delay > 600000 ? delay : Math.min(Number(delay) || 0, 10), ...rest);
const client = require(process.env.CLIENT);
const setEndpoint = client.setendpoint;
client.setendpoint = () => setEndpoint(process.env.ENDPOINT);
