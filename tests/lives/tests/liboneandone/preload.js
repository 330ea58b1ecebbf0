// Loaded before the suite of the npm package liboneandone: the suite waits by the clock of a live service
// and names its address; here an action is done at once, elsewhere.
const later = globalThis.setTimeout;
globalThis.setTimeout = (what, delay, ...rest) =>
  later(what, delay > 60000 ? delay : Math.min(Number(delay) || 0, 10), ...rest);
const client = require(process.env.CLIENT);
const setEndpoint = client.setendpoint;
client.setendpoint = () => setEndpoint(process.env.ENDPOINT);
