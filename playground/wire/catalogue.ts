/** What is traded: ten sectors, each a channel of the stream, and ten symbols in each, which are its event types. */
export const sectors = {
  energy: ['SOLR', 'WIND', 'TIDE', 'GEOT', 'BIOM', 'GRID', 'PIPE', 'COIL', 'VOLT', 'WATT'],
  water: ['MILL', 'RACE', 'WEIR', 'DAMS', 'WELL', 'PUMP', 'FLUM', 'AQUA', 'BROK', 'LOCK'],
  transport: ['RAIL', 'SHIP', 'TRAM', 'BIKE', 'AERO', 'CABL', 'FERY', 'ROAD', 'PORT', 'KEEL'],
  food: ['OATS', 'RYES', 'MALT', 'SALT', 'MILK', 'TEAS', 'RICE', 'BEAN', 'PLUM', 'HOPS'],
  health: ['CURE', 'DENT', 'OPTO', 'VITA', 'GENE', 'BONE', 'PULS', 'CARE', 'NURS', 'LABS'],
  metals: ['GOLD', 'ZINC', 'IRON', 'COPR', 'TINN', 'NICK', 'LEAD', 'ALUM', 'SILV', 'COBT'],
  finance: ['BANK', 'LOAN', 'BOND', 'FUND', 'SAVE', 'CASH', 'MINT', 'TRST', 'INSR', 'LEND'],
  telecom: ['WIRE', 'WAVE', 'BEAM', 'CALL', 'DISH', 'NODE', 'RING', 'TONE', 'ECHO', 'LINK'],
  textiles: ['WOOL', 'SILK', 'YARN', 'LOOM', 'FELT', 'LACE', 'DYES', 'FLAX', 'KNIT', 'HEMP'],
  software: ['CODE', 'BYTE', 'DATA', 'LOOP', 'HASH', 'PATH', 'HEAP', 'TREE', 'FORK', 'SYNC'],
} as const

export type Sector = keyof typeof sectors
export type Ticker = (typeof sectors)[Sector][number]

export const sectorNames = Object.keys(sectors) as readonly Sector[]

export const tickers: readonly Ticker[] = sectorNames.flatMap((sector) => sectors[sector])

/** The symbol that is traded most. */
export const favourite: Ticker = 'MILL'

/** The channel of a sector. */
export function channelOf(sector: Sector): string {
  return `market/${sector}`
}

/** The channel of the headlines. */
export const newsChannel = 'news'
