-- A pandoc writer that prints each heading's level and identifier, in reading order.
function Writer(doc)
  local lines = {}
  doc:walk {
    traverse = "topdown",
    Header = function(heading)
      table.insert(lines, heading.level .. "\t" .. heading.identifier)
    end,
  }
  return table.concat(lines, "\n")
end
