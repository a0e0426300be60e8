export { blobsContract } from './contract.js';
