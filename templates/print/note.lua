-- What the printed note does differently: footnotes stand at the foot of their page, references once at the end.
function Note(note)
  return pandoc.Span(pandoc.utils.blocks_to_inlines(note.content), { class = "footnote" })
end

function Div(div)
  if div.identifier == "refs" and not PANDOC_WRITER_OPTIONS.identifier_prefix:match("^references") then
    return {}
  end
end
