"""The pages' pictures as SVG: drawn at build time, coloured by the page's styles, described in words for those who hear them."""
