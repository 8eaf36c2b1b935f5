/** All offers, every one visible, the oldest first, in the same place each time. */
import './offers.css'
import { useLive } from '../../live/store.ts'
import { OfferCard } from './OfferCard.tsx'

export function Offers() {
  const offers = useLive((state) => state.offers)
  if (offers.length === 0) return null
  return (
    <div className="offers">
      {offers.map((offer, at) => (
        <OfferCard key={offer.id} offer={offer} hasKeys={at === 0} />
      ))}
    </div>
  )
}
