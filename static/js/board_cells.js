// Where things stand on a board, by the classes that the server gave them (css/board_grains.css).

export const GRAIN = 5; // minutes of a row

/** Whether it is a sheet; else it is an agenda. */
export const isSheet = matchMedia("(width > 48rem)");

/** The row in which a cell begins, since the day began. */
export function rowOf(cell) {
  return Number(/(?:^| )t(\d+)/.exec(cell.parentElement.className)?.[1]);
}

/** How many rows high a cell is. */
export function rowsOf(cell) {
  return Number(/(?:^| )n(\d+)/.exec(cell.parentElement.className)?.[1]);
}

/** The cell that is nearest to a row; the earlier one of two. */
export function nearest(cells, row) {
  const distance = (cell) => Math.abs(rowOf(cell) - row);
  let best = null;
  for (const cell of cells) {
    if (!best || distance(cell) < distance(best)) best = cell;
  }
  return best;
}
