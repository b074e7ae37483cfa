// What several scripts ask of a pressed key.

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/** 1 for an arrow that leads on, -1 for one that leads back, undefined for any other key. */
export function arrowStep(event) {
  return STEPS[event.key];
}

/** Whether a key that changes the meaning of others is held down; Shift makes other letters. */
export function hasModifier(event) {
  return event.ctrlKey || event.metaKey || event.altKey;
}
