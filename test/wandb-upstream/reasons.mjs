/** Why a test of W&B's own does not pass. `relevant: false`: it asks for what this product does not offer, or for what is not installed. */
export const reasons = [];
